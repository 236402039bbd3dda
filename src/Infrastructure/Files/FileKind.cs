namespace PatientResponse.Infrastructure.Files;
public enum FileKind { Jpeg, Gif, Png, Pdf, Doc, Docx }
public interface IFileStore;

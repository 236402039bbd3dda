using PatientResponse.Infrastructure.Files.Checks;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>A Word document as ECMA-376 part 2 packs it: a zip file of XML parts.</summary>
internal static class DocxCheck
{
    public static ContentVerdict Check(ReadOnlyMemory<byte> file, CheckWork work)
    {
        if (file.Span.StartsWith(OleFile.Signature))
            return ContentVerdict.Refused(OleFile.Read(file, work)?.IsEncryptedPackage == true ? FileProblem.PasswordProtected : FileProblem.WrongType);
        if (!file.Span.StartsWith(ZipDirectory.Signature)) return ContentVerdict.Refused(FileProblem.WrongType);
        if (OfficePackage.Open(file, work) is not { } package) return ContentVerdict.Refused(FileProblem.Damaged);
        if (package.IsEncrypted) return ContentVerdict.Refused(FileProblem.PasswordProtected);
        if (package.ReadMainType() is not { } type) return ContentVerdict.Refused(package.IsDamaged ? FileProblem.Damaged : FileProblem.WrongType);
        if (OfficeTypes.IsMacroEnabled(type)) return ContentVerdict.Refused(FileProblem.Macros);
        if (!OfficeTypes.IsDocument(type)) return ContentVerdict.Refused(FileProblem.WrongType);
        return new OfficeParts(package, work).Check();
    }
}

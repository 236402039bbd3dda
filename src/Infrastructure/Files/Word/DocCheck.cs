using System.Buffers.Binary;
using PatientResponse.Infrastructure.Files.Checks;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>A Word 97–2003 (or Word 6/95) document: a compound file with a WordDocument stream (MS-DOC).</summary>
internal static class DocCheck
{
    private const ushort Word97 = 0xA5EC;
    private const ushort Word6 = 0xA5DC;
    private const ushort EncryptedFlag = 0x0100;
    private static readonly string[] OtherPrograms = ["Workbook", "Book", "PowerPoint Document", "__properties_version1.0"];
    private static readonly string[] EmbeddedFiles = ["Workbook", "Book", "PowerPoint Document", "Package"];
    private static readonly HashSet<string> ActiveParts = new(StringComparer.OrdinalIgnoreCase)
    {
        "Macros", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "\u0001Ole10Native", "Equation Native", "\u0003OCXDATA", "\u0003OCXNAME", "\u0003LinkInfo",
    };

    public static ContentVerdict Check(ReadOnlyMemory<byte> file, CheckWork work)
    {
        work.Spend(file.Length / 64);
        if (!file.Span.StartsWith(OleFile.Signature)) return ContentVerdict.Refused(FileProblem.WrongType);
        var zips = ZipDirectory.EndsIn(file.Span);
        if (OleFile.Read(file, work) is not { } ole) return ContentVerdict.Refused(zips.Count > 0 ? FileProblem.WrongType : FileProblem.Damaged);
        if (!ole.HoldsInStreams(zips)) return ContentVerdict.Refused(FileProblem.WrongType);
        if (ole.IsEncryptedPackage) return ContentVerdict.Refused(FileProblem.PasswordProtected);
        if (OtherPrograms.Any(ole.HasAtRoot)) return ContentVerdict.Refused(FileProblem.WrongType);
        if (ole.ReadAtRoot("WordDocument") is not { Length: >= 12 } document
            || BinaryPrimitives.ReadUInt16LittleEndian(document.Span) is not (Word97 or Word6)) return ContentVerdict.Refused(FileProblem.WrongType);
        if ((BinaryPrimitives.ReadUInt16LittleEndian(document.Span[10..]) & EncryptedFlag) != 0) return ContentVerdict.Refused(FileProblem.PasswordProtected);
        var active = ole.AllNames.Any(ActiveParts.Contains) || EmbeddedFiles.Any(ole.HasBelowRoot) || DocFields.AnyInBytes(file.Span, work)
            || !DocZips.AreWords(file.Span, zips, work);
        return new(null, active || new DocText(document, ole, work).IsActive());
    }
}

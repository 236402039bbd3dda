using System.Buffers.Binary;

namespace PatientResponse.Infrastructure.Files;

/// <summary>A Word 97–2003 (or Word 6/95) document: a compound file with a WordDocument stream (MS-DOC).</summary>
internal static class DocCheck
{
    private const ushort Word97 = 0xA5EC;
    private const ushort Word6 = 0xA5DC;
    private const ushort EncryptedFlag = 0x0100;
    private static readonly string[] OtherPrograms = ["Workbook", "Book", "PowerPoint Document", "__properties_version1.0"];
    private static readonly HashSet<string> ActiveParts = new(StringComparer.OrdinalIgnoreCase)
    {
        "Macros", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "\u0001Ole10Native", "Equation Native",
    };

    public static ContentVerdict Check(Stream file)
    {
        if (ZipDirectory.IsOne(file) || OleFile.Read(file) is not { } ole) return ContentVerdict.Refused(FileProblem.WrongType);
        if (ole.IsEncryptedPackage) return ContentVerdict.Refused(FileProblem.PasswordProtected);
        if (OtherPrograms.Any(ole.HasAtRoot)) return ContentVerdict.Refused(FileProblem.WrongType);
        Span<byte> start = stackalloc byte[12];
        if (!ole.TryReadStart("WordDocument", start)
            || BinaryPrimitives.ReadUInt16LittleEndian(start) is not (Word97 or Word6)) return ContentVerdict.Refused(FileProblem.WrongType);
        if ((BinaryPrimitives.ReadUInt16LittleEndian(start[10..]) & EncryptedFlag) != 0) return ContentVerdict.Refused(FileProblem.PasswordProtected);
        return new(null, ole.AllNames.Any(ActiveParts.Contains) || DocFields.AnyActive(file));
    }
}

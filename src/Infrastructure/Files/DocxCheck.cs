using System.Buffers;
using System.Xml;

namespace PatientResponse.Infrastructure.Files;

/// <summary>A Word document as ECMA-376 part 2 packs it: a zip file of XML parts.</summary>
internal static class DocxCheck
{
    private const int MaxEntries = 5_000;
    private const long MaxExpandedBytes = 150L * 1024 * 1024;
    private const long MinExpandedBytes = 50L * 1024 * 1024;
    private const long MaxRatio = 200;
    private const string MainType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    private static readonly string[] ActiveParts = ["/oleObject", "/control", "/aFChunk"];
    private static readonly string[] PlainDocuments = [".docx", ".xlsx", ".pptx"];
    private static readonly string[] KnownEncodings = ["utf-8", "utf-16", "us-ascii"];

    private static readonly XmlReaderSettings Xml = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = 2 * 1024 * 1024,
    };

    public static ContentVerdict Check(Stream file)
    {
        Span<byte> head = stackalloc byte[8];
        if (!file.TryReadAt(0, head)) return ContentVerdict.Refused(FileProblem.WrongType);
        if (head.StartsWith(OleFile.Signature))
            return ContentVerdict.Refused(OleFile.Read(file)?.IsEncryptedPackage == true ? FileProblem.PasswordProtected : FileProblem.WrongType);
        if (!head.StartsWith(ZipDirectory.Signature) || ZipDirectory.Read(file, MaxEntries) is not { } zip)
            return ContentVerdict.Refused(FileProblem.WrongType);
        if (zip.Entries.Any(entry => entry.Encrypted)) return ContentVerdict.Refused(FileProblem.PasswordProtected);
        try
        {
            return CheckParts(file, zip);
        }
        // What inflating and reading XML say of damaged content; failures of the file's own stream are neither.
        catch (Exception damage) when (damage is InvalidDataException or XmlException)
        {
            return ContentVerdict.Refused(FileProblem.WrongType);
        }
    }

    private static ContentVerdict CheckParts(Stream file, ZipDirectory zip)
    {
        var names = zip.Entries.Select(entry => entry.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Text gains far less than 1 : 200; a small document may well hold a large blank drawing.
        var budget = new ExpansionBudget(Math.Min(MaxExpandedBytes, Math.Max(MinExpandedBytes, file.Length * MaxRatio)));
        var (main, active) = (false, false);
        foreach (var entry in zip.Entries)
        {
            if (entry.Name.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase)) return ContentVerdict.Refused(FileProblem.WrongType);
            if (IsNamed(entry, ".xml")) active |= IsInUnknownEncoding(file, entry);
            using var expanded = ZipDirectory.Expand(file, entry);
            if (expanded is null) return ContentVerdict.Refused(FileProblem.WrongType);
            using var part = new BudgetedStream(expanded, budget);

            if (entry.Name.Equals("[Content_Types].xml", StringComparison.OrdinalIgnoreCase))
            {
                if (ReadTypes(part, names) is not { } holdsMain) return ContentVerdict.Refused(FileProblem.WrongType);
                main = holdsMain;
            }
            else if (IsNamed(entry, ".rels"))
            {
                if (ReadRelationships(part) is not { } isActive) return ContentVerdict.Refused(FileProblem.WrongType);
                active |= isActive;
            }
            else if (IsNamed(entry, ".xml")) active |= DocxFields.AnyActive(part);
            active |= entry.Name.Contains("/activeX/", StringComparison.OrdinalIgnoreCase)
                || (entry.Name.Contains("/embeddings/", StringComparison.OrdinalIgnoreCase) && !PlainDocuments.Any(end => IsNamed(entry, end)));

            Drain(part);
            if (budget.IsSpent || part.Count != entry.DeclaredBytes) return ContentVerdict.Refused(FileProblem.WrongType);
        }
        return !main ? ContentVerdict.Refused(FileProblem.WrongType) : new(null, active);
    }

    private static bool IsNamed(ZipDirectory.Entry entry, string end) => entry.Name.EndsWith(end, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the package holds a document; null when it holds macros. The main part is "word/document.xml" nearly always.</summary>
    private static bool? ReadTypes(Stream part, HashSet<string> names)
    {
        using var xml = XmlReader.Create(part, Xml);
        var main = false;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.GetAttribute("ContentType") is not { } type) continue;
            if (type.Contains("macroEnabled", StringComparison.OrdinalIgnoreCase) || type.Contains("vbaProject", StringComparison.OrdinalIgnoreCase)) return null;
            // We look for fields in .xml parts; Word gives none of its parts another name.
            if (type.Contains("wordprocessingml", StringComparison.OrdinalIgnoreCase)
                && !(xml.GetAttribute("PartName") ?? "." + xml.GetAttribute("Extension")).EndsWith(".xml", StringComparison.OrdinalIgnoreCase)) return null;
            var name = xml.GetAttribute("PartName")?.TrimStart('/') ?? "word/document.xml";
            main |= type.Equals(MainType, StringComparison.OrdinalIgnoreCase) && names.Contains(name);
        }
        return main;
    }

    /// <summary>Whether there is something that Word would fetch from elsewhere, or an object that may run; null for macros.
    /// Links that a person has to follow are no such thing.</summary>
    private static bool? ReadRelationships(Stream part)
    {
        using var xml = XmlReader.Create(part, Xml);
        var active = false;
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element || xml.GetAttribute("Type") is not { } type) continue;
            bool Is(string end) => type.EndsWith(end, StringComparison.OrdinalIgnoreCase);
            if (Is("/vbaProject")) return null;
            active |= ActiveParts.Any(Is)
                || ("External".Equals(xml.GetAttribute("TargetMode"), StringComparison.OrdinalIgnoreCase) && !Is("/hyperlink"));
        }
        return active;
    }

    // A DTD can stand only before the root element, and is refused there. Reading on could cost memory: one attribute
    // may be as long as the whole part.
    private static bool IsInUnknownEncoding(Stream file, ZipDirectory.Entry entry)
    {
        using var part = ZipDirectory.Expand(file, entry);
        if (part is null) return false; // It is refused.
        using var xml = XmlReader.Create(part, Xml);
        var unknown = false;
        while (xml.Read() && xml.NodeType != XmlNodeType.Element)
            unknown |= xml.NodeType == XmlNodeType.XmlDeclaration && xml.GetAttribute("encoding") is { } encoding
                && !KnownEncodings.Contains(encoding, StringComparer.OrdinalIgnoreCase);
        return unknown;
    }

    private static void Drain(Stream part)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        while (part.Read(buffer) > 0) { }
        ArrayPool<byte>.Shared.Return(buffer);
    }
}

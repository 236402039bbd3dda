using System.Xml;
using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>A package of parts (ECMA-376 part 2): their names, their types and which of them is the main one.</summary>
internal sealed class OfficePackage
{
    private const int MaxParts = 5_000;
    /// <summary>Of a part that is read as a whole: a list of types or relationships.</summary>
    private const int MaxListBytes = 2 * 1024 * 1024;
    private const int ListSteps = 4_000;
    private const int MaxQuotesInTag = 100;

    private static readonly XmlReaderSettings Xml = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxListBytes };

    private readonly ReadOnlyMemory<byte> file;
    private readonly CheckWork work;
    private readonly Inflater inflater;
    private readonly Dictionary<string, string> types = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> typesByEnding = new(StringComparer.OrdinalIgnoreCase);

    private OfficePackage(ReadOnlyMemory<byte> file, IReadOnlyList<ZipDirectory.Entry> parts, CheckWork work) =>
        (this.file, Parts, this.work, inflater) = (file, parts, work, new(work));

    public IReadOnlyList<ZipDirectory.Entry> Parts { get; }

    /// <summary>The parts need a password.</summary>
    public bool IsEncrypted => Parts.Any(part => part.Encrypted);

    /// <summary>A list of types or relationships could not be read.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>Null when it is no zip file, or a damaged one.</summary>
    public static OfficePackage? Open(ReadOnlyMemory<byte> file, CheckWork work)
    {
        work.Spend(file.Length / 64);
        if (ZipDirectory.Read(file.Span, MaxParts) is not { } zip) return null;
        work.Spend(zip.Entries.Count * 100L);
        return new(file, zip.Entries, work);
    }

    /// <summary>The content type of the main part, to which the package itself relates; null when there is not exactly one.</summary>
    public string? ReadMainType()
    {
        var list = Parts.FirstOrDefault(part => part.Name.Equals("[Content_Types].xml", StringComparison.OrdinalIgnoreCase));
        var root = Parts.FirstOrDefault(part => part.Name.Equals("_rels/.rels", StringComparison.OrdinalIgnoreCase));
        if (list is null || root is null || !ReadTypes(list) || ReadRelationships(root) is not { } relationships) return null;
        var targets = relationships.Where(to => OfficeTypes.RelatesTo(to.Type, "officeDocument") && !to.IsExternal)
            .Select(to => to.Target.TrimStart('/')).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return targets.Count == 1 && Parts.Any(part => part.Name.Equals(targets[0], StringComparison.OrdinalIgnoreCase)) ? TypeOf(targets[0]) : null;
    }

    public string TypeOf(string part) =>
        types.TryGetValue(part, out var type) || typesByEnding.TryGetValue(Path.GetExtension(part).TrimStart('.'), out type) ? type : "";

    /// <summary>Null when it cannot be read.</summary>
    public IReadOnlyList<OfficeRelationship>? ReadRelationships(ZipDirectory.Entry list)
    {
        var found = new List<OfficeRelationship>();
        return ReadList(list, xml =>
        {
            if (xml.GetAttribute("Type") is { } type)
                found.Add(new(type.Trim(), xml.GetAttribute("Target")?.Trim() ?? "", "External".Equals(xml.GetAttribute("TargetMode")?.Trim(), StringComparison.OrdinalIgnoreCase)));
        }) ? found : null;
    }

    /// <summary>Expands a part; false when it is damaged or not of the size that it declares.</summary>
    public bool Expand(ZipDirectory.Entry part, IExpanded target)
    {
        work.Spend(200);
        if (ZipDirectory.Packed(file, part) is not { } packed) return false;
        if (packed.IsEmpty) return part.DeclaredBytes == 0;
        var counted = new Counted(target, part.DeclaredBytes);
        var isWhole = part.Method == 0 ? counted.Take(packed.Span) : inflater.Inflate(packed.Span, counted) == InflateEnd.Whole;
        return isWhole && counted.IsComplete;
    }

    private bool ReadTypes(ZipDirectory.Entry list) => ReadList(list, xml =>
    {
        if (xml.GetAttribute("ContentType")?.Trim() is not { } type) return;
        if (xml.GetAttribute("PartName") is { } name) types[name.TrimStart('/')] = type;
        else if (xml.GetAttribute("Extension") is { } ending) typesByEnding[ending] = type;
    });

    private bool ReadList(ZipDirectory.Entry list, Action<XmlReader> onElement)
    {
        var content = new ExpandedBytes(work, MaxListBytes);
        work.Spend(ListSteps);
        if (!Expand(list, content) || HasEndlessTag(content.Memory.Span)) return Fail();
        work.Spend(content.Memory.Length * 3L);
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(content.Memory.ToArray()), Xml);
            while (xml.Read())
                if (xml.NodeType == XmlNodeType.Element) onElement(xml);
            return true;
        }
        // All that XmlReader says of damaged content, in an encoding that nobody knows too. It reads from memory.
        catch (Exception damage) when (damage is XmlException or ArgumentException or NotSupportedException)
        {
            return Fail();
        }
    }

    private bool Fail()
    {
        IsDamaged = true;
        return false;
    }

    // XmlReader compares each attribute of an element with all others.
    private static bool HasEndlessTag(ReadOnlySpan<byte> xml)
    {
        for (int next; !xml.IsEmpty; xml = xml[(next + 1)..])
        {
            next = xml.IndexOf((byte)'<');
            if (next < 0) next = xml.Length - 1;
            var tag = xml[..next];
            if (tag.Count((byte)'"') + tag.Count((byte)'\'') > MaxQuotesInTag) return true;
        }
        return false;
    }

    /// <summary>Ends where more comes than was declared.</summary>
    private sealed class Counted(IExpanded target, long declared) : IExpanded
    {
        private long left = declared;

        public bool IsComplete => left == 0;

        public bool Take(ReadOnlySpan<byte> bytes)
        {
            left -= bytes.Length;
            return left >= 0 && target.Take(bytes);
        }
    }
}

using PatientResponse.Infrastructure.Files.Checks;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>Looks through all parts of a package for what runs, fetches something or is not what it says.</summary>
internal sealed class OfficeParts(OfficePackage package, CheckWork work, bool isEmbedded = false)
{
    private const long MaxExpandedBytes = 150L * 1024 * 1024;
    private const long MinExpandedBytes = 50L * 1024 * 1024;
    private const long MaxRatio = 200;
    private const int MaxEmbeddedBytes = 8 * 1024 * 1024;
    private static readonly string[] OfficeEndings = [".docx", ".xlsx", ".pptx", ".dotx", ".xltx", ".potx", ".ppsx"];

    public ContentVerdict Check()
    {
        // Text gains far less than 1 : 200; a small document may well hold a large blank drawing.
        var packed = package.Parts.Sum(part => part.CompressedBytes);
        var allowed = Math.Min(MaxExpandedBytes, Math.Max(MinExpandedBytes, packed * MaxRatio));
        if (package.Parts.Sum(part => part.DeclaredBytes) > allowed) return ContentVerdict.Refused(FileProblem.Damaged);
        var active = false;
        foreach (var part in package.Parts)
        {
            var type = package.TypeOf(part.Name);
            if (IsNamed(part, "vbaProject.bin") || OfficeTypes.IsMacros(type)) return ContentVerdict.Refused(FileProblem.Macros);
            active |= OfficeTypes.IsMacroEnabled(type) || OfficeTypes.IsObject(type) || part.Name.Contains("/activeX/", StringComparison.OrdinalIgnoreCase);
            if (Problem(part, type, ref active) is { } problem) return ContentVerdict.Refused(problem);
        }
        return new(null, active);
    }

    private FileProblem? Problem(ZipDirectory.Entry part, string type, ref bool active)
    {
        if (IsNamed(part, ".rels"))
        {
            if (package.ReadRelationships(part) is not { } relationships) return FileProblem.Damaged;
            if (relationships.Any(to => OfficeTypes.RelatesTo(to.Type, "vbaProject"))) return FileProblem.Macros;
            active |= relationships.Any(IsActive);
            return null;
        }
        if (part.Name.Contains("/embeddings/", StringComparison.OrdinalIgnoreCase) || OfficeEndings.Any(end => IsNamed(part, end)))
        {
            if (ReadEmbedded(part) is not { } isActive) return FileProblem.Damaged;
            active |= isActive;
            return null;
        }
        if (!IsNamed(part, ".xml") && !OfficeTypes.IsXml(type)) return package.Expand(part, new Nothing(work)) ? null : FileProblem.Damaged;
        var text = new OfficeXml(work);
        if (!package.Expand(part, text)) return text.HasDocumentType ? FileProblem.UnwantedPart : FileProblem.Damaged;
        if (text.HasDocumentType) return FileProblem.UnwantedPart;
        active |= text.IsActive;
        return null;
    }

    private static bool IsNamed(ZipDirectory.Entry part, string end) => part.Name.EndsWith(end, StringComparison.OrdinalIgnoreCase);

    /// <summary>Something that Word would fetch from elsewhere, or an object that may run. Links that a person has to follow are
    /// no such thing, nor is the writer's own template, which Word names in many documents.</summary>
    private static bool IsActive(OfficeRelationship to) =>
        OfficeTypes.RelatesTo(to.Type, "attachedTemplate") ? !to.IsOnOwnComputer : OfficeTypes.IsActive(to.Type) || (!OfficeTypes.RelatesTo(to.Type, "hyperlink") && (to.IsExternal || to.Target.Contains("://", StringComparison.Ordinal) || to.Target.StartsWith(@"\\", StringComparison.Ordinal)));

    /// <summary>Whether an embedded file is anything but a plain document, workbook or presentation, with nothing active in it
    /// either; null when it is damaged.</summary>
    private bool? ReadEmbedded(ZipDirectory.Entry part)
    {
        var isOffice = OfficeEndings.Any(end => IsNamed(part, end));
        if (isEmbedded || !isOffice || part.DeclaredBytes > MaxEmbeddedBytes) return package.Expand(part, new Nothing(work)) ? true : null;
        var content = new ExpandedBytes(work, MaxEmbeddedBytes);
        if (!package.Expand(part, content)) return null;
        if (content.Memory.Span.StartsWith(OleFile.Signature)) return true;
        // No program opens it.
        if (!content.Memory.Span.StartsWith(ZipDirectory.Signature)) return false;
        if (OfficePackage.Open(content.Memory, work) is not { IsEncrypted: false } inner) return true;
        return inner.ReadMainType() is not { } type || !OfficeTypes.IsPlain(type) || new OfficeParts(inner, work, isEmbedded: true).Check() is { Problem: not null } or { ActiveContent: true };
    }

    private sealed class Nothing(CheckWork work) : IExpanded
    {
        public bool Take(ReadOnlySpan<byte> bytes)
        {
            work.Spend(bytes.Length / 256);
            return true;
        }
    }
}

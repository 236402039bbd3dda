using PatientResponse.Infrastructure.Files.Checks;
using PatientResponse.Infrastructure.Files.Formats;
using PatientResponse.Infrastructure.Files.Intake;

namespace PatientResponse.Infrastructure.Files.Pdf;

/// <summary>
/// A PDF (ISO 32000): all its objects are read, plain and packed, for what does something by itself. Pages are not interpreted.
/// </summary>
internal static class PdfCheck
{
    /// <summary>What may follow the end: viewers do not mind, and mail programs and servers leave such things.</summary>
    private const int MaxTrailing = 64 * 1024;
    private const int EndBytes = 32;

    public static ContentVerdict Check(ReadOnlyMemory<byte> file, CheckWork work)
    {
        var head = file.Span[..Math.Min(FileKinds.HeadBytes, file.Length)];
        if (!FileKinds.StartsAs(FileKind.Pdf, head) || ZipDirectory.IsOne(file.Span)) return ContentVerdict.Refused(FileProblem.WrongType);
        var tail = file.Span[Math.Max(0, file.Length - MaxTrailing - EndBytes)..];
        if (tail.IndexOf("%%EOF"u8) < 0 && tail.IndexOf("startxref"u8) < 0) return ContentVerdict.Refused(FileProblem.Damaged);

        var actions = new PdfActions(work);
        var packed = new List<PdfPlace>();
        var trailers = new List<int>();
        var objects = new PdfObjects(file, work, (read, place) =>
        {
            actions.Examine(read, file.Span, place.Number, place.IsStream);
            if (!place.IsStream) return;
            if (PdfObjectStreams.MayBeOne(read)) packed.Add(place);
            // Their dictionaries are trailers too.
            if (read.Find(0, PdfName.Type) is >= 0 and var type && read[type].Name == PdfName.XRef) trailers.Add(place.Value);
        });
        var streams = new PdfStreams(file, objects, work);
        objects.ReadAll();
        var references = new PdfCrossReference(file, objects, streams, work);
        var isSound = references.ReadAll(head.IndexOf("%PDF-"u8)) && !objects.IsDamaged;
        if (!isSound && !actions.Found) objects.ReadEverywhere();

        switch (PdfEncryption.Of(file, [.. objects.Trailers, .. trailers], objects, work))
        {
            case PdfLock.Password: return ContentVerdict.Refused(FileProblem.PasswordProtected);
            case PdfLock.OpensWithoutPassword: return ContentVerdict.WithActiveContent;
        }
        return new(null, actions.Found || !AllRead(new(streams, actions, work), objects, packed, references.Containers) || IsActive(actions));
    }

    // What cannot be looked into counts as active: it is a warning, not a refusal.
    private static bool AllRead(PdfObjectStreams reader, PdfObjects objects, List<PdfPlace> packed, HashSet<int> containers)
    {
        foreach (var number in containers.Except(packed.Select(place => place.Number)).ToList())
            packed.AddRange(objects.All(number).Where(place => place.IsStream));
        return packed.All(reader.Read);
    }

    private static bool IsActive(PdfActions actions)
    {
        actions.Settle();
        return actions.Found;
    }
}

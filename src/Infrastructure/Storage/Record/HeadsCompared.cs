namespace PatientResponse.Infrastructure.Storage;

/// <summary>What differs between how things stand by the record and how they stand in their tables.</summary>
internal static class HeadsCompared
{
    public static IEnumerable<RecordFinding> Compare(
        IReadOnlyDictionary<(HeadOf Of, string Name), Head> record, IReadOnlyDictionary<(HeadOf Of, string Name), Head> now)
    {
        foreach (var (what, then) in record.OrderBy(pair => pair.Key.Of).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal))
            if (Difference(then, now.GetValueOrDefault(what), record) is { } kind)
                yield return new(kind, NameOf(then));
        foreach (var (_, there) in now.Where(pair => !record.ContainsKey(pair.Key)).OrderBy(pair => pair.Key.Of).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal))
            yield return new("unrecorded", NameOf(there));
    }

    /// <summary>Null where there is none.</summary>
    private static string? Difference(Head then, Head? now, IReadOnlyDictionary<(HeadOf Of, string Name), Head> record)
    {
        // What belongs to a conversation went with it.
        var isGone = then.IsGone || (then.Stream is { } stream && record.TryGetValue((HeadOf.Stream, $"{stream:N}"), out var head) && head.IsGone);
        return (isGone, now) switch
        {
            (true, null) => null,
            (true, _) => "came-back",
            (false, null) => "missing",
            (false, { Version: var version, Tag: var tag }) when version == then.Version && tag == then.Tag => null,
            (false, { Version: var version }) when version < then.Version => then.Of == HeadOf.Stream ? "shortened" : "older",
            (false, { Version: var version }) when version > then.Version => "unrecorded",
            _ => "changed",
        };
    }

    private static string NameOf(Head head) => head.Of switch
    {
        HeadOf.Stream => $"conversation/{head.Name}",
        HeadOf.Document => $"document/{head.Name}",
        HeadOf.Patients => $"patients/{head.Name}",
        _ => $"message/{head.Name}",
    };
}

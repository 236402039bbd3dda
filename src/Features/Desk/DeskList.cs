namespace PatientResponse.Features.Desk;

/// <summary>The list of the desk, by itself or beside an open conversation.</summary>
/// <param name="Unanswered">Of those without an answer, where they are a group of their own.</param>
/// <param name="Search">Where the search is kept; null when there is none.</param>
/// <param name="From">Where this page begins; null for the first.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
/// <param name="Attention">How many of all conversations are to be done.</param>
/// <param name="Mistake">What is wrong with what was searched for.</param>
public sealed record DeskList(
    IReadOnlyList<ConversationSummary> Rows, ListFilter Filter, string Q, string? Search, ListKey? From, ListKey? Next, long Attention, DateTimeOffset Now, string? Mistake)
{
    public IReadOnlyList<ConversationSummary> Unanswered { get; init; } = [];
    public long AllUnanswered { get; init; }

    /// <summary>The conversation that is open beside it.</summary>
    public Guid? Open { get; init; }

    /// <summary>Stands beside a conversation, which is what its page is about.</summary>
    public bool IsBeside => Open is not null;

    public bool IsContinued => From is not null;

    public bool IsNarrowed => Filter != ListFilter.All || Q != "" || IsContinued;

    public bool IsEmpty => Rows.Count == 0 && AllUnanswered == 0;

    /// <summary>What is to be done stands under a heading of its own, where other conversations follow.</summary>
    public IEnumerable<ConversationSummary> ToDo => Rows.Where(row => row.Attention > 0);

    public IEnumerable<ConversationSummary> Others => Rows.Where(row => row.Attention == 0);

    /// <summary>Where this list comes from, to be fetched again.</summary>
    public string Own => Address(Filter, From);

    /// <summary>The same list, or the same search in another filter.</summary>
    public string Address(ListFilter filter, ListKey? after = null) =>
        Address(filter, Search is not null ? $"search={Search}" : Q != "" ? $"q={Uri.EscapeDataString(Q)}" : null, after);

    public static string Address(ListFilter filter, string? search, ListKey? after = null)
    {
        string[] parts =
        [
            .. filter == ListFilter.All ? (string[])[] : [$"state={filter.Name}"],
            .. search is null ? (string[])[] : [search],
            .. after is null ? (string[])[] : [$"after={after}"],
        ];
        return parts.Length == 0 ? "/conversations" : "/conversations?" + string.Join('&', parts);
    }

    /// <param name="most">How many rows a page has.</param>
    public static DeskList Of(DeskGroups groups, int most, ListKey? from, long attention, DateTimeOffset now) => new(
        [.. groups.Rows.Take(most)], ListFilter.All, "", null, from,
        groups.Rows.Count > most && groups.Rows.Take(most).LastOrDefault(row => !row.IsUnreadable) is { } last ? ListKey.Of(last) : null, attention, now, null)
    {
        Unanswered = from is null ? groups.Unanswered : [],
        AllUnanswered = from is null ? groups.AllUnanswered : 0,
    };
}

namespace PatientResponse.Features.UploadReply;

/// <summary>What arrived, beside the draft that it belongs to.</summary>
/// <param name="Before">The draft as it was.</param>
/// <param name="IsOfFilesOnly">The page's script sent files without words.</param>
public sealed record ReplyInHand(ReplyDraft Before, Room Room, ReceivedReply Received, bool IsOfFilesOnly)
{
    private readonly IReadOnlyList<ReplyFile> _fresh = Attachment.New(Received.Files, Before.Files);

    private IEnumerable<ReplyFile> Added => _fresh.Take(Room.Left);

    /// <summary>What came twice, or found no room.</summary>
    private IEnumerable<ReplyFile> Surplus => Received.Files.Except(Added);

    /// <summary>The draft with what arrived.</summary>
    public ReplyDraft Draft
    {
        get
        {
            var draft = Before with { Files = [.. Before.Files, .. Added] };
            return IsOfFilesOnly ? draft : draft with { Text = Received.Text, TypedAt = Math.Max(Received.TypedAt, Before.TypedAt), Proxy = Received.Proxy };
        }
    }

    public IReadOnlyList<RefusedFile> Refused => [.. Received.Refused, .. _fresh.Skip(Room.Left).Select(file => RefusedFile.TooMany(file.Name, Room))];

    /// <summary>The draft that stays; null where none does, or nothing changes.</summary>
    public ReplyDraft? Kept(ReplyDecision decision) => decision switch
    {
        ReplyDecision.Remove remove => Draft with { Files = [.. Draft.Files.Except(Removed(remove))] },
        ReplyDecision.Add when !Added.Any() => null,
        ReplyDecision.Add or ReplyDecision.Translate or ReplyDecision.Keep or ReplyDecision.Again => Draft,
        _ => null,
    };

    /// <summary>The files that are not needed any more.</summary>
    public IReadOnlyList<ReplyFile> Dropped(ReplyDecision decision) => decision switch
    {
        ReplyDecision.Repeated or ReplyDecision.TooLate => Received.Files,
        ReplyDecision.Over or ReplyDecision.Delete => [.. Draft.Files, .. Surplus],
        ReplyDecision.Remove remove => [.. Removed(remove), .. Surplus],
        _ => [.. Surplus],
    };

    private IEnumerable<ReplyFile> Removed(ReplyDecision.Remove remove) => Draft.Files.Where(file => file.Id.ToString("N") == remove.File);
}

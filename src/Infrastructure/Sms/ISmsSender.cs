namespace PatientResponse.Infrastructure.Sms;

/// <param name="AttemptId">Travels with the call, so that a later status report can name it.</param>
/// <param name="To">E.164.</param>
/// <param name="ConversationId">Travels with the call as well: a report names both.</param>
/// <param name="SenderName">Whom it says it is from; null leaves that to the carrier's setting.</param>
public sealed record OutgoingSms(Guid AttemptId, string To, string Text, Guid ConversationId = default, string? SenderName = null);

/// <summary>The carrier. Every way in which a call can end is an <see cref="SmsOutcome"/>; it throws only for bugs.</summary>
public interface ISmsSender
{
    Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation);

    /// <summary>Whether the provider keeps a list in which an SMS can be looked up.</summary>
    bool KeepsList => false;

    /// <summary>What the provider's list says of an SMS. Null where it does not tell, which proves nothing: lists lag, and are cut.</summary>
    Task<SmsNews?> LookUpAsync(SmsSearch search, CancellationToken cancellation) => Task.FromResult<SmsNews?>(null);
}

/// <summary>An attempt as a provider's list can know it. Not every list carries our ids.</summary>
/// <param name="Since">When the attempt began.</param>
/// <param name="Others">The provider's ids of this conversation's other attempts.</param>
public sealed record SmsSearch(string To, string Text, DateTimeOffset Since, IReadOnlyCollection<string> Others, Guid ConversationId = default, Guid AttemptId = default);

/// <param name="Reason">Why it failed, where it did.</param>
public sealed record SmsNews(SmsReport Report, SmsFailure? Reason = null);

/// <summary>How an attempt ended.</summary>
public abstract record SmsOutcome
{
    private SmsOutcome() { }

    /// <param name="Report">What the provider knows at once of the way onwards; usually nothing.</param>
    public sealed record Accepted(string ProviderId, SmsReport? Report = null, SmsFailure? Reason = null) : SmsOutcome;

    /// <summary>It will never go: tell the clinician.</summary>
    public sealed record Permanent(SmsFailure Reason) : SmsOutcome;

    /// <summary>It certainly did not go and may later.</summary>
    public sealed record Transient(TimeSpan? RetryAfter = null) : SmsOutcome;

    /// <summary>The provider may have acted: never sent again by itself.</summary>
    /// <param name="CanBeLookedUp">Its list may tell.</param>
    public sealed record Unknown(bool CanBeLookedUp = false) : SmsOutcome;
}

/// <summary>What a provider reports of an SMS. Stored by number: new ones are added at the end.</summary>
public enum SmsReport
{
    Sent,
    Delivered,
    Failed,

    /// <summary>It is in no list of a provider that lists all that it takes. Only looking it up tells so, and not at once.</summary>
    Absent,
}

/// <summary>Why an SMS did not arrive. Stored by number: new ones are added at the end.</summary>
public enum SmsFailure { WrongNumber, NotAMobile, OptedOut, Blocked, GaveUp, Other, Unreachable, NotTaken, Technical, DailyLimit }

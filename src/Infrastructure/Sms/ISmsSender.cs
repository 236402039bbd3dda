namespace PatientResponse.Infrastructure.Sms;

/// <param name="AttemptId">Travels with the call, so that a later status report can name it.</param>
/// <param name="To">E.164.</param>
/// <param name="ConversationId">Travels with the call as well: a report names both.</param>
public sealed record OutgoingSms(Guid AttemptId, string To, string Text, Guid ConversationId = default);

/// <summary>The carrier. Every way in which a call can end is an <see cref="SmsOutcome"/>; it throws only for bugs.</summary>
public interface ISmsSender
{
    Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation);
}

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
    public sealed record Unknown : SmsOutcome;
}

/// <summary>What a provider reports of an SMS that it took.</summary>
public enum SmsReport { Sent, Delivered, Failed }

/// <summary>Why an SMS did not arrive. Stored by number: new ones are added at the end.</summary>
public enum SmsFailure { WrongNumber, NotAMobile, OptedOut, Blocked, GaveUp, Other, Unreachable }

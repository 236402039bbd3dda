namespace PatientResponse.Infrastructure.Sms;

/// <param name="AttemptId">Travels with the call, so that a later status report can name it.</param>
/// <param name="To">E.164.</param>
public sealed record OutgoingSms(Guid AttemptId, string To, string Text);

/// <summary>The carrier. Every way in which a call can end is an <see cref="SmsOutcome"/>; it throws only for bugs.</summary>
public interface ISmsSender
{
    Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation);
}

/// <summary>How an attempt ended.</summary>
public abstract record SmsOutcome
{
    private SmsOutcome() { }

    public sealed record Accepted(string ProviderId) : SmsOutcome;

    /// <summary>It will never go: tell the clinician.</summary>
    public sealed record Permanent(SmsFailure Reason) : SmsOutcome;

    /// <summary>It certainly did not go and may later.</summary>
    public sealed record Transient(TimeSpan? RetryAfter = null) : SmsOutcome;

    /// <summary>The provider may have acted: never sent again by itself.</summary>
    public sealed record Unknown : SmsOutcome;
}

public enum SmsFailure { WrongNumber, NotAMobile, OptedOut, Blocked, GaveUp, Other }

using System.Collections.Concurrent;

namespace PatientResponse.Infrastructure.Messaging;

/// <param name="Channel"><c>sms</c> or <c>email</c>.</param>
/// <param name="Subject">Of an email.</param>
public sealed record CapturedMessage(string Channel, string To, string? Subject, string Text, DateTimeOffset At);

/// <summary>What the embedded senders sent: kept in memory only, shown on <c>/dev/phone</c>.</summary>
public sealed class CapturedMessages
{
    private readonly ConcurrentQueue<CapturedMessage> _messages = new();

    public void Add(CapturedMessage message) => _messages.Enqueue(message);

    public IReadOnlyList<CapturedMessage> NewestFirst() => [.. _messages.Reverse()];
}

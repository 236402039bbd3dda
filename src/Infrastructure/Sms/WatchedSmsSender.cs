using PatientResponse.Infrastructure.Messaging;

namespace PatientResponse.Infrastructure.Sms;

/// <summary>Notes whether the carrier answers. Who is told to wait, or told nothing, got no answer.</summary>
public sealed class WatchedSmsSender(ISmsSender sender, Outages outages) : ISmsSender
{
    public bool KeepsList => sender.KeepsList;

    public async Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation)
    {
        var outcome = await sender.SendAsync(sms, cancellation);
        await outages.NoteAsync(Outages.Sms, outcome is SmsOutcome.Transient or SmsOutcome.Unknown);
        return outcome;
    }

    public Task<SmsNews?> LookUpAsync(SmsSearch search, CancellationToken cancellation) => sender.LookUpAsync(search, cancellation);
}

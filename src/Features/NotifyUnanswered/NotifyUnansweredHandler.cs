using PatientResponse.Features.Desk;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Features;

/// <summary>One email a day about all requests that ended without an answer, for whoever wants it.</summary>
public static class NotifyUnansweredHandler
{
    public static async Task HandleAsync(
        NotifyUnanswered message, IDocumentSession session, IDatabase database, IEmailSender email, PublicAddress address, TimeProvider time, CancellationToken cancellation)
    {
        if (await session.LoadAsync<Clinician>(message.ClinicianId, cancellation) is not { Disabled: false, NoEmailOfUnanswered: false } clinician)
            return;
        var counting = ListFilter.NoAnswer.Count(clinician.Id, time.GetUtcNow());
        var count = (await database.QueryAsync<long>(counting.Sql, counting.Parameters, cancellation))[0];
        if (Email(message, count, clinician.Email, address.Root) is { } mail)
            await email.SendAsync(mail with { ClinicianId = clinician.Id }, cancellation);
    }

    /// <summary>Null when there is nothing to tell any more. It says how many, and nothing of anybody.</summary>
    public static OutgoingEmail? Email(NotifyUnanswered message, long count, string to, string root) => count == 0 ? null : new(
        $"<unanswered-{message.ClinicianId}-{message.Day:yyyyMMdd}@{new Uri(root).Host}>", to,
        count == 1 ? "1 request to a patient ended without an answer" : $"{count} requests to patients ended without an answer",
        $"""
        {(count == 1 ? "1 request" : $"{count} requests")} that you sent with PatientResponse ended without an answer within 7 days, and you have not said yet what becomes of {(count == 1 ? "it" : "them")}. You can ask again, or mark {(count == 1 ? "it" : "them")} as done.

        Open your list. You need to sign in:
        {root}/conversations?state={ListFilter.NoAnswer.Name}

        You get this at most once a day. To get it no longer, change your account: {root}/account
        This email says nothing about patients, to keep their information safe. Nobody reads replies to it.
        """.ReplaceLineEndings("\n"));
}

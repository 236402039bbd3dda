using Carter;
using Microsoft.AspNetCore.Identity;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.ForgottenPassword;

/// <summary>Asks for an email with a link to set a new password. The answer and its cost are the same whether somebody has that email
/// address or not.</summary>
public sealed class ForgottenPasswordModule : ICarterModule
{
    /// <summary>Emails to one address in one hour: a mailbox is not to be filled by strangers.</summary>
    public const int MostEmails = 3;

    /// <summary>Requests from one network in one hour. A whole trust may share one.</summary>
    public const int MostFromNetwork = 60;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapGet("/forgotten-password", () => Page.Of(ForgottenPasswordPage.Create(new Forgotten("", null))));
        app.MapPost("/forgotten-password", AskAsync);
        app.MapGet("/forgotten-password/sent", () => Page.Of(PasswordLinkSentPage.Create()));
    }

    private static async Task<IResult> AskAsync(
        HttpContext context, UserManager<Clinician> people, IDocumentSession documents, Counters counters, TimeProvider time)
    {
        var cancellation = context.RequestAborted;
        var email = (await context.Request.FormOrEmptyAsync()).Line("email");
        if (Problem(email) is { } problem)
            return Again(email, problem);
        if (await counters.AddAsync("forgotten-password-from/" + Network.Of(context.Connection.RemoteIpAddress), Window, cancellation) > MostFromNetwork)
            return Again(email, "Too many people have asked for a link from where you are. Wait an hour, then try again, or ask your practice’s administrator for a link", StatusCodes.Status429TooManyRequests);
        if (await counters.AddAsync("forgotten-password/" + Clinician.Normalise(email), Window, cancellation) <= MostEmails)
        {
            // For nobody, too: what it takes tells nothing.
            documents.Publish(new() { new PasswordForgotten((await people.FindByNameAsync(email))?.Id ?? "", Guid.NewGuid(), time.GetUtcNow()) });
            await documents.SaveChangesAsync(cancellation);
        }
        return new SeeOther("/forgotten-password/sent");
    }

    private static string? Problem(string email) =>
        string.IsNullOrWhiteSpace(email) ? "Enter your email address"
        : !email.Contains('@', StringComparison.Ordinal) ? "Enter your whole email address, with the @"
        : null;

    private static IResult Again(string email, string problem, int status = StatusCodes.Status422UnprocessableEntity) =>
        Page.Of(ForgottenPasswordPage.Create(new Forgotten(email, problem)), status);
}

/// <param name="Email">As typed.</param>
/// <param name="Problem">With it; null when there is none.</param>
public sealed record Forgotten(string Email, string? Problem)
{
    public IReadOnlyList<FieldError> Errors => Problem is null ? [] : [new("email", Problem)];
}

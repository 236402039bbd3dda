using System.CommandLine;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.SetPractice;

/// <summary><c>practice set</c>: makes a practice or changes what is given.</summary>
public sealed class SetPracticeCommand : IOperatorCommand
{
    public string Group => "practice";

    public Command Build(IServiceProvider services)
    {
        var id = new Argument<string>("id") { Description = "A short name for commands, such as riverside" };
        var name = new Option<string?>("--name") { Description = "The name that patients know; needed for a new practice" };
        var phone = new Option<string?>("--phone") { Description = "The number that patients phone" };
        var sender = new Option<string?>("--sender-name") { Description = $"The sender that text messages show: at most {PracticeRules.MostOfSenderName} letters, digits and spaces; \"\" for none" };
        var signOff = new Option<string?>("--sign-off") { Description = "The last line of every message; the practice's name unless given" };
        var show = new Option<bool?>("--show-name-before-dob") { Description = "Show name and phone before a patient gives a date of birth" };
        var neutral = new Option<bool?>("--neutral-messages") { Description = "Whether text messages say only that there is a message, for safe contact" };
        var asking = new Option<string?>("--asking-words") { Description = "Words, separated by commas, that ask a patient for an answer: a message with one of them is asked about before it goes to somebody who cannot reply" };
        var support = new Option<string?>("--support") { Description = "Who helps its staff with PatientResponse and how to reach them, shown on every staff page; \"\" for nobody" };
        var retention = new Option<int?>("--retention-days") { Description = $"Days after sending when conversations are erased: {PracticeRules.FewestRetentionDays} or more, or 0 to use the installation's Retention:Days" };
        var factor = new Option<bool?>("--require-second-factor") { Description = "Whether staff must set up a second factor before they can use PatientResponse" };
        var perClinician = new Option<int?>("--cap-per-clinician") { Description = "Messages a day that one clinician may send" };
        var cap = new Option<int?>("--cap") { Description = "Messages a day that the practice may send" };
        var command = new Command("set", "Adds a practice, or changes the settings that you give.") { id, name, phone, sender, signOff, show, neutral, asking, support, retention, factor, perClinician, cap };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var scope = services.CreateAsyncScope();
            var (error, practice) = await RunAsync(scope.ServiceProvider.GetRequiredService<IDocumentSession>(), new SetPractice(
                parsed.GetRequiredValue(id), parsed.Line(name), parsed.Line(phone), parsed.Line(signOff),
                parsed.GetValue(show), parsed.GetValue(perClinician), parsed.GetValue(cap),
                parsed.Line(sender), parsed.GetValue(retention), parsed.GetValue(factor), parsed.GetValue(neutral), parsed.Line(asking), parsed.Line(support)), cancellation);
            if (error is not null)
                await parsed.InvocationConfiguration.Error.WriteLineAsync(error);
            else
                await parsed.InvocationConfiguration.Output.WriteLineAsync(SetPracticeHandler.Describe(practice));
            return error is null ? 0 : 1;
        });
        return command;
    }

    private static Task<(string? Error, Practice Practice)> RunAsync(IDocumentSession documents, SetPractice command, CancellationToken cancellation) =>
        documents.DecideAsync(async () =>
        {
            var before = await documents.LoadAsync<Practice>(command.Id, cancellation);
            var after = SetPracticeHandler.Handle(command, before);
            if (SetPracticeHandler.Problem(after) is { } problem)
                return (problem, after);
            documents.Store(after);
            documents.Audit("operator", "set practice", after.Id, string.Join("; ", PracticeRules.Changes(before ?? new Practice { Id = after.Id }, after)));
            await documents.SaveChangesAsync(cancellation);
            return ((string?)null, after);
        });
}

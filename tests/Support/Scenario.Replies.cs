using Microsoft.AspNetCore.Identity;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Tests.Support;

/// <summary>What comes of a message: locked links, replies, and the things that only a test writes down.
/// Charlie is a clinician of another practice.</summary>
public static partial class Scenario
{
    public const string CharliesEmail = "charlie@example.nhs.uk";

    public static async Task<TestBrowser> CharlieSignsInAsync(this TestApp app)
    {
        await app.WithAsync<IDocumentSession, bool>(async session =>
        {
            session.Store(new Practice { Id = "riverside", Name = "Riverside", SignOff = "Riverside" });
            await session.SaveChangesAsync();
            return true;
        });
        await app.WithAsync<UserManager<Clinician>, IdentityResult>(people =>
            people.CreateAsync(new Clinician { Email = CharliesEmail, Name = "Charlie", PracticeId = "riverside" }, Password));
        return await app.SignInAsync(CharliesEmail);
    }

    /// <summary>Messages the test patient, asking for a reply, and waits until the SMS went (or did not).</summary>
    public static Task<Guid> AsksAsync(this TestBrowser clinician, TestApp app, string text = "How is your knee today?") =>
        clinician.MessagesAsync(app, text, [("allowResponse", "true")]);

    /// <summary>Messages the test patient without asking for a reply.</summary>
    public static Task<Guid> TellsAsync(this TestBrowser clinician, TestApp app, string text = "Your results are normal.") =>
        clinician.MessagesAsync(app, text, []);

    /// <summary>The path that the newest SMS links to.</summary>
    public static string NewestLink(this TestApp app) => LinkIn(app.SentTexts[0].Text);

    /// <summary>Pat opens the link and gives a date of birth; the right one, if none is said.</summary>
    public static async Task<TestBrowser> PatConfirmsAsync(this TestApp app, string link, int day = 1, int month = 1, int year = 1980)
    {
        var pat = app.NewBrowser();
        await pat.GetAsync(link);
        await pat.GivesDateOfBirthAsync(day, month, year);
        return pat;
    }

    /// <summary>Five different wrong dates of birth.</summary>
    public static async Task SomebodyLocksAsync(this TestApp app, string link, int year = 1990)
    {
        for (var day = 1; day <= Conversation.DateOfBirthTries; day++)
            await app.PatConfirmsAsync(link, day, 2, year);
    }

    private static async Task<Guid> MessagesAsync(this TestBrowser clinician, TestApp app, string text, (string, string)[] reply)
    {
        await clinician.GetAsync(TestPatient);
        await clinician.SubmitAsync("#compose", [("text", text), .. reply]);
        await app.DoQueuedWorkAsync();
        return Guid.ParseExact(clinician.Page.Address.Segments[^1], "N");
    }

    /// <summary>Writes down what happened to a conversation.</summary>
    public static Task AppendAsync(this TestApp app, Guid conversation, params object[] events) =>
        app.WithAsync<IDocumentSession, bool>(async session =>
        {
            var stream = await session.Events.FetchForWriting<Conversation>(conversation);
            stream!.AppendMany(events);
            await session.SaveChangesAsync();
            return true;
        });

    /// <summary>The newest attempt to send the SMS fails.</summary>
    public static async Task FailsAsync(this TestApp app, Guid conversation, SmsFailure reason = SmsFailure.Other) =>
        await app.AppendAsync(conversation, new SmsFailed((await app.ConversationAsync(conversation)).LastAttempt, reason, app.Time.GetUtcNow()));

    /// <summary>Another conversation like one that was sent.</summary>
    public static Task StartAsync(this TestApp app, MessageSent sent) =>
        app.WithAsync<IDocumentSession, bool>(async session =>
        {
            session.Events.StartStream<Conversation>(sent.ConversationId, [sent]);
            await session.SaveChangesAsync();
            return true;
        });

    /// <summary>A conversation as it stands.</summary>
    public static Task<Conversation> ConversationAsync(this TestApp app, Guid id) =>
        app.WithAsync<IDocumentSession, Conversation>(async session => (await session.Events.FetchForWriting<Conversation>(id))!.Aggregate);

    /// <summary>Takes a file in, for a conversation's reply.</summary>
    public static async Task<ReplyFile> StoreFileAsync(this TestApp app, Guid conversation, string name, byte[] bytes)
    {
        var key = await app.WithAsync<IDocumentSession, byte[]>(async session => (await session.Events.FetchForWriting<Conversation>(conversation))!.DataKey);
        var file = (await app.WithAsync<FileIntake, IntakeResult>(intake => intake.TakeAsync(conversation, key, name, new MemoryStream(bytes)))).File!;
        return new(file.Id, file.Name, file.Kind, file.Size, file.ActiveContent, file.Sha256, file.Scan);
    }

    /// <summary>Pat opens the link of a conversation and replies.</summary>
    public static async Task PatRepliesAsync(this TestApp app, Guid conversation, string text, params (string Name, byte[] Bytes)[] files)
    {
        var pat = await app.PatOpensAsync($"/r/{(await app.ConversationAsync(conversation)).Token}");
        await pat.AnswersAsync(text, files);
        Assert.EndsWith("/sent", pat.Page.Address.AbsolutePath, StringComparison.Ordinal);
    }
}

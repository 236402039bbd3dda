using System.Diagnostics;
using PatientResponse.Features;
using PatientResponse.Infrastructure.Files.Intake;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes.Faults;

/// <summary>Holds the journals of the client, the carrier and the relay against what is stored.</summary>
internal sealed class Afterwards(World world, Journal journal)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>What has to be done before all can be compared. Reminders and deadlines are days away.</summary>
    private const string Work = "substring(message_type from '[^.]*$') in ('DeliverSms', 'LookUpSms', 'RecordDelivery', 'NotifyRequester', 'ScanFiles', 'FinishErasing')"
        + " and execution_time < now() + interval '5 hours' and status <> 'Handled'";

    public List<string> Lost { get; } = [];

    public List<string> Doubled { get; } = [];

    public List<string> Stuck { get; } = [];

    /// <summary>Emails that went more than once, as they may where a process dies between sending one and saying so.</summary>
    public int RepeatedEmails { get; private set; }

    /// <summary>Whatever waits for its time gets it: a look into the carrier's list is minutes away.</summary>
    public async Task SettleAsync()
    {
        var clock = Stopwatch.StartNew();
        while (await world.WithDatabaseAsync(database => database.CountAsync($"{QueuedWork.Waiting} where {Work}")) > 0)
        {
            if (clock.Elapsed > Patience)
            {
                Stuck.AddRange(await world.WithDatabaseAsync(database => database.QueryAsync<string>(
                    $"select message_type || ' ' || status || ' of ' || owner_id || ', ' || attempts || ' attempts' from {QueuedWork.Waiting} where {Work}", null, CancellationToken.None)));
                return;
            }
            await world.WithDatabaseAsync(database => database.WriteAsync<int>(
                $"update {QueuedWork.Waiting} set execution_time = now() where status = 'Scheduled' and {Work} returning 1", null, CancellationToken.None));
            await Task.Delay(200);
        }
    }

    public async Task CompareAsync()
    {
        var stored = await ReadAsync();
        foreach (var story in journal.Stories.Where(story => story.SendWasTried))
            Compare(story, [.. stored.Where(stream => stream.Aggregate.Sent.Text == story.Text)]);
        Stuck.AddRange((await world.WithDatabaseAsync(database => database.QueryAsync<string>($"select message_type from {QueuedWork.Parked}", null, CancellationToken.None))).Select(type => $"parked: {type}"));
        await CompareAuditAsync();
    }

    private Task<IReadOnlyList<IEventStream<Conversation>>> ReadAsync() => world.WithCopyAsync<IReadOnlyList<IEventStream<Conversation>>>(async copy =>
    {
        var streams = new List<IEventStream<Conversation>>();
        foreach (var stored in await world.WithDatabaseAsync(database => database.QueryAsync<Stream>(
            "select id as Id, type as Type, version as Version, (select string_agg(e.type, ' ' order by e.version) from mt_events e where e.stream_id = s.id) as Events from mt_streams s where version > 0 order by id", null, CancellationToken.None)))
        {
            if (await copy.FetchAsync(stored.Id) is { Aggregate.Sent: not null } stream)
                streams.Add(stream);
            else
                Lost.Add($"the conversation {stored.Id:N} ({stored.Type}), of which there is, up to version {stored.Version}: {stored.Events}");
        }
        return streams;
    });

    private void Compare(Story story, IReadOnlyList<IEventStream<Conversation>> found)
    {
        void Check(bool isKept, string what) => Add(Lost, isKept, story, what);
        Add(Doubled, found.Count <= 1, story, $"{found.Count} conversations");
        Check(story.Sent is null || found.Any(stream => stream.Id == story.Sent), "the message");
        if (found.Count == 0)
            return;
        var (conversation, happened) = (found[0].Aggregate, found[0].History.Select(one => one.Data).ToList());
        Check(conversation.SmsCount >= 1 + story.SentAgain, "sent again");
        Add(Doubled, conversation.SmsCount <= 1 + story.SendAgainTried, story, "sent again");
        Check(happened.OfType<DateOfBirthRefused>().Count() >= story.WrongDates.Count, "a wrong date of birth");
        Add(Doubled, happened.OfType<DateOfBirthRefused>().Count() <= 5, story, "a wrong date of birth");
        Check(!story.Locked || happened.OfType<LinkLocked>().Any(), "the lock");
        Check(!story.Unlocked || conversation.Unlocks == 1, "unlocked");
        Add(Doubled, conversation.Unlocks <= 1, story, "unlocked");
        Check(!story.Cancelled || conversation.Status == ConversationStatus.Cancelled, "cancelled");
        Check(!story.Done || conversation.IsDone, "done");
        CompareAnswer(story, conversation, happened);
        CompareSms(story, conversation, found[0].Id);
        CompareMails(story, conversation, found[0].Id);
    }

    private void CompareAnswer(Story story, Conversation conversation, IReadOnlyList<object> happened)
    {
        var answers = happened.OfType<ReplyUploaded>().ToList();
        Add(Lost, story.Answer is null || conversation.Reply?.Text == story.Answer, story, "the answer");
        Add(Doubled, answers.Count <= 1 && (story.AnswerWasTried || answers.Count == 0), story, "the answer");
        if (story.Answer is null)
            return;
        var files = conversation.Reply!.Files;
        foreach (var (name, sha) in story.Files)
            Add(Lost, files.Any(file => file.Name == name && file.Sha256 == sha), story, name);
        Add(Doubled, files.Count <= story.Files.Count, story, "a file");
        Add(Stuck, files.All(file => file.Scan == FileScan.Clean), story, "a file that waits for the scanner");
    }

    /// <summary>A patient gets an SMS as often as somebody sent it, and the clinician knows.</summary>
    private void CompareSms(Story story, Conversation conversation, Guid id)
    {
        var taken = world.Texts.Where(text => text.Fields["StatusCallback"].Contains($"{id:N}", StringComparison.Ordinal)).ToList();
        Add(Doubled, taken.Count <= conversation.SmsCount, story, $"{taken.Count} SMS for {conversation.SmsCount}");
        Add(Stuck, conversation.Delivery is not (Delivery.Queued or Delivery.Sending) || conversation.Status == ConversationStatus.Cancelled, story, $"delivery is {conversation.Delivery}");
        Add(Lost, conversation.Delivery is not (Delivery.Sent or Delivery.Delivered) || taken.Count > 0, story, "an SMS that the clinician believes to be sent");
        Add(Lost, conversation.Delivery != Delivery.Failed || taken.Count < conversation.SmsCount, story, "an SMS that the clinician believes not to be sent was");
        Add(Lost, !story.ReportTaken || conversation.Delivery == Delivery.Delivered || story.SentAgain > 0, story, "the carrier's report");
    }

    /// <summary>Whoever has to know was told, with the same Message-ID each time.</summary>
    private void CompareMails(Story story, Conversation conversation, Guid id)
    {
        var mails = world.Mails.Where(mail => mail.Text.Contains($"/conversations/{id:N}", StringComparison.Ordinal)).GroupBy(mail => mail.Header("Subject")).ToDictionary(about => about.Key, about => about.ToList());
        void Told(bool isDue, string subject) => Add(Lost, !isDue || mails.Keys.Any(about => about.Contains(subject, StringComparison.Ordinal)), story, $"the email '{subject}'");
        Told(conversation.Reply is not null, "has replied");
        Told(story.Locked, "cannot open");
        Told(conversation.Delivery == Delivery.Unknown, "cannot tell");
        Told(conversation.Delivery == Delivery.Failed, "was not delivered");
        foreach (var (subject, alike) in mails)
        {
            // One for each attempt that somebody made.
            Add(Doubled, alike.Select(mail => mail.Header("Message-Id")).Distinct().Count() <= conversation.SmsCount, story, $"the email '{subject}' under several ids");
            RepeatedEmails += alike.Count - alike.Select(mail => mail.Header("Message-Id")).Distinct().Count();
        }
    }

    /// <summary>Each view that somebody got is on record, and none that nobody asked for.</summary>
    private async Task CompareAuditAsync()
    {
        var counts = (await world.WithDatabaseAsync(database => database.QueryAsync<Entries>(
            "select subject as Subject, action as Action, count(*) as Count from audit where detail <> 'in a thread' group by subject, action", null, CancellationToken.None))).ToDictionary(entry => (entry.Subject, entry.Action), entry => entry.Count);
        foreach (var story in journal.Stories.Where(story => story.Sent is not null))
        {
            long Recorded(string action) => counts.GetValueOrDefault(($"{story.Sent:N}", action));
            Add(Lost, Recorded("viewed") >= story.Views.Shown, story, "a view in the audit record");
            Add(Doubled, Recorded("viewed") <= story.Views.Tried, story, "a view in the audit record");
            Add(Lost, Recorded("downloaded") >= story.Downloads, story, "a download in the audit record");
            Add(Lost, Recorded("confirmed date of birth") >= story.Confirmed, story, "a right date of birth in the audit record");
        }
    }

    private static void Add(List<string> problems, bool isFine, Story story, string what)
    {
        if (!isFine)
            problems.Add($"{story.Text} ({story.Sent:N}): {what}");
    }

    private sealed class Stream
    {
        public Guid Id { get; init; }
        public string? Type { get; init; }
        public long Version { get; init; }
        public string? Events { get; init; }
    }

    private sealed class Entries
    {
        public string Subject { get; init; } = "";
        public string Action { get; init; } = "";
        public long Count { get; init; }
    }
}

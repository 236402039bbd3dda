using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using PatientResponse.Infrastructure.Email;
using PatientResponse.Infrastructure.Sms;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Processes;

/// <summary>The product in this process on a real port. Its carrier and mail relay write what they are given to files, because
/// nothing in memory survives the end that is meant for this process.</summary>
internal sealed class ChildApp(string folder, TimeSpan ahead, string[] settings)
{
    /// <summary>Each process has one of its own: appending to one file from two loses lines.</summary>
    public const string Outbox = "outbox-";
    public const string Traces = "traces";

    /// <summary>While this file exists, the carrier takes an SMS and never answers.</summary>
    public const string Hang = "hang";

    /// <summary>The setting with which the product keeps its own carrier.</summary>
    public const string OwnCarrier = "Sms:Provider=twilio";

    /// <summary>The same with GOV.UK Notify.</summary>
    public const string OwnNotify = "Sms:Provider=notify";

    /// <summary>The setting with which the product keeps its own way to a mail relay.</summary>
    public const string OwnRelay = "Email:Provider=smtp";

    /// <param name="args">The folder for everything, how many seconds the clock is ahead, settings as <c>key=value</c>.</param>
    public static async Task ServeAsync(string[] args)
    {
        // From .NET 11 on the framework does so by itself: its spans hold addresses.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        using var traces = Listen(Path.Combine(args[0], Traces));
        using var host = PortHost.Start(new ChildApp(args[0], TimeSpan.FromSeconds(int.Parse(args[1], null)), args[2..]).Configure);
        Console.WriteLine($"{ServedApp.Ready}{host.Address}");
        // Until somebody stops it in good order; most tests kill it.
        var stopped = new TaskCompletionSource();
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(stopped.SetResult);
        await stopped.Task;
    }

    private void Configure(IWebHostBuilder builder)
    {
        var outbox = Path.Combine(folder, $"{Outbox}{Environment.ProcessId}");
        builder.UseEnvironment("Development");
        builder.UseSetting("Data:Folder", Path.Combine(folder, ServedApp.DataFolder));
        builder.UseSetting("Encryption:MasterKey", Convert.ToBase64String(TestCopy.MasterKey));
        builder.UseSetting("Sms:UndoFor", TestApp.NoUndo);
        foreach (var setting in settings)
            builder.UseSetting(setting[..setting.IndexOf('=')], setting[(setting.IndexOf('=') + 1)..]);
        builder.ConfigureServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton(new OwnClock(new ClockAhead(ahead))));
            services.Replace(ServiceDescriptor.Singleton<IOtherClocks>(new AgreeingClocks(new ClockAhead(ahead))));
            if (!settings.Contains(OwnCarrier) && !settings.Contains(OwnNotify))
                services.Replace(ServiceDescriptor.Singleton<ISmsSender>(new FileCarrier(folder, outbox)));
            if (!settings.Contains(OwnRelay))
                services.Replace(ServiceDescriptor.Singleton<IEmailSender>(new FileRelay(outbox)));
        });
    }

    private static ActivityListener Listen(string file)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Append(file, JsonSerializer.Serialize(new
            {
                activity.OperationName,
                activity.DisplayName,
                Tags = activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"),
                Events = activity.Events.Select(e => e.Name + string.Join(' ', e.Tags.Select(tag => $"{tag.Key}={tag.Value}"))),
            })),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static void Append(string file, string line)
    {
        lock (Outbox)
            File.AppendAllText(file, line + "\n");
    }

    private sealed class ClockAhead(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }

    private sealed class FileCarrier(string folder, string outbox) : ISmsSender
    {
        public async Task<SmsOutcome> SendAsync(OutgoingSms sms, CancellationToken cancellation)
        {
            Append(outbox, JsonSerializer.Serialize(new Posted("sms", sms.To, sms.Text)));
            while (File.Exists(Path.Combine(folder, Hang)))
                await Task.Delay(50, CancellationToken.None);
            return new SmsOutcome.Accepted($"{sms.AttemptId}");
        }
    }

    private sealed class FileRelay(string outbox) : IEmailSender
    {
        public Task SendAsync(OutgoingEmail email, CancellationToken cancellation)
        {
            Append(outbox, JsonSerializer.Serialize(new Posted("email", email.To, $"{email.Subject}\n{email.Text}")));
            return Task.CompletedTask;
        }
    }
}

/// <summary>What a process handed to the carrier or the mail relay.</summary>
internal sealed record Posted(string Channel, string To, string Text);

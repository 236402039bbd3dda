using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.Extensions.Logging.Console;
using PatientResponse.Infrastructure.Files.Checkpoints;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Storage;

namespace PatientResponse.Infrastructure.Start;

/// <summary>What the operator types instead of serving.</summary>
public static class OperatorCommands
{
    /// <summary>True where the arguments name a command, or ask for help, and are not settings of the server.</summary>
    public static bool IsCommand(string[] args) => args is [[not '-' and not '/', ..], ..] or ["--help" or "-h" or "-?" or "/h" or "/?" or "--version", ..];

    /// <summary>A command's standard output is its answer, to be piped on: logs go to standard error.</summary>
    public static void AddCommands(this WebApplicationBuilder builder, string[] args)
    {
        if (!IsCommand(args))
            return;
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        // Which checkpoint it leaves is no answer to what was typed: the serving process logs the next one.
        builder.Logging.AddFilter(typeof(RecordKeeper).FullName, LogLevel.Warning);
    }

    /// <summary>Runs one command, beside a serving process or without one, and returns its exit code: 0 done, 1 refused or failed.</summary>
    public static async Task<int> RunAsync(IServiceProvider services, string[] args, TextWriter? output = null, TextWriter? error = null)
    {
        var to = new InvocationConfiguration { Output = output ?? Console.Out, Error = error ?? Console.Error };
        var parsed = Root(services).Parse(args);
        if (parsed.Errors.Count > 0 || parsed.Action is not AsynchronousCommandLineAction { Terminating: true })
            return await parsed.InvokeAsync(to);
        var problems = StartChecks.ProblemsOfCommands(services.GetRequiredService<IConfiguration>(), services.GetRequiredService<IHostEnvironment>());
        if (problems.Count > 0)
        {
            await to.Error.WriteLineAsync(string.Join('\n', problems));
            return 1;
        }
        if (await Startup.PrepareDatabaseAsync(services) is { } noDatabase)
        {
            await to.Error.WriteLineAsync(noDatabase);
            return 1;
        }
        // What a checkpoint knows, and what this command leaves for the next.
        var keeper = services.GetRequiredService<RecordKeeper>();
        await keeper.TryLearnAsync();
        var exit = await parsed.InvokeAsync(to);
        if (services.GetRequiredService<KnownVersions>().HasSaved)
            await keeper.EndAsync();
        return exit;
    }

    private static RootCommand Root(IServiceProvider services)
    {
        var root = new RootCommand("PatientResponse. Without a command it serves; its settings are options such as --Data:Folder /srv/data, or variables such as Data__Folder.");
        foreach (var group in Discovery.Find<IOperatorCommand>().GroupBy(command => command.Group).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var parent = group.Key == "" ? root : new Command(group.Key);
            foreach (var command in group)
                parent.Subcommands.Add(command.Build(services));
            if (parent != root)
                root.Subcommands.Add(parent);
        }
        return root;
    }
}

using System.CommandLine;
using System.Reflection;

namespace PatientResponse.Infrastructure.Web;

/// <summary>A command of the operator, such as <c>clinician add</c>; found like the slices' routes.</summary>
public interface IOperatorCommand
{
    /// <summary>The group that it belongs to: <c>clinician</c>, <c>practice</c>.</summary>
    string Group { get; }

    Command Build(IServiceProvider services);
}

public static class OperatorCommands
{
    /// <summary>True where the arguments name a command and not settings of the server.</summary>
    public static bool IsCommand(string[] args) => args is [[not '-' and not '/', ..], ..];

    /// <summary>Runs one command and returns its exit code: 0 done, 1 refused or failed.</summary>
    public static Task<int> RunAsync(IServiceProvider services, string[] args)
    {
        var root = new RootCommand("PatientResponse. Without a command it serves.");
        var commands = Assembly.GetExecutingAssembly().GetTypes().Where(type => type.IsAssignableTo(typeof(IOperatorCommand)) && type.IsClass)
            .Select(type => (IOperatorCommand)Activator.CreateInstance(type)!);
        foreach (var group in commands.GroupBy(command => command.Group).OrderBy(group => group.Key))
        {
            var parent = new Command(group.Key);
            foreach (var command in group)
                parent.Subcommands.Add(command.Build(services));
            root.Subcommands.Add(parent);
        }
        return root.Parse(args).InvokeAsync();
    }
}

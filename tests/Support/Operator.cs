using System.Globalization;
using PatientResponse.Infrastructure.Start;

namespace PatientResponse.Tests.Support;

/// <summary>The person who runs the installation.</summary>
public static class Operator
{
    /// <summary>Runs a command beside the app and returns its exit code and what it printed.</summary>
    public static async Task<(int Exit, string Output, string Error)> CommandAsync(this TestApp app, params string[] args)
    {
        var (output, error) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var exit = await OperatorCommands.RunAsync(app.Services, args, output, error);
        return (exit, output.ToString().Trim(), error.ToString().Trim());
    }
}

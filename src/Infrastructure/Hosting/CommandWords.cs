using System.CommandLine;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Hosting;

public static class CommandWords
{
    /// <summary>What the operator gave, as <see cref="PlainText.Line"/>; null when it was not given.</summary>
    public static string? Line(this ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } given ? PlainText.Line(given) : null;

    /// <inheritdoc cref="Line"/>
    public static string RequiredLine(this ParseResult parsed, Option<string> option) => PlainText.Line(parsed.GetRequiredValue(option));
}

using System.Globalization;
using PatientResponse.Infrastructure.Hosting;

namespace PatientResponse.Infrastructure.Web.Serving;

/// <summary>Where our health is answered for apart from the pages.</summary>
public sealed class HealthSettings : ISettings
{
    public IReadOnlyList<string> Keys => ["Health:Port"];

    public IEnumerable<string> Problems(IConfiguration settings, Purpose purpose)
    {
        if (settings["Health:Port"] is { Length: > 0 } && Port(settings) is null)
            yield return "Health:Port is a port from 1 to 65535.";
    }

    /// <summary>Null: there is none.</summary>
    internal static int? Port(IConfiguration settings) =>
        int.TryParse(settings["Health:Port"], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535 ? port : null;
}

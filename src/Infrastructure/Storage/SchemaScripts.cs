using System.Globalization;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>The versioned schema, one folder of embedded scripts for each engine: <c>001.sql</c>, <c>002.sql</c>, …</summary>
internal static class SchemaScripts
{
    /// <summary>Those not applied yet, in order. One that was written beside a higher number and merged later still counts.</summary>
    public static IEnumerable<(long Version, string Sql)> Missing(string engine, IReadOnlySet<long> applied)
    {
        var assembly = typeof(SchemaScripts).Assembly;
        var prefix = $"schema/{engine}/";
        return
            from name in assembly.GetManifestResourceNames()
            where name.StartsWith(prefix, StringComparison.Ordinal)
            let number = long.Parse(Path.GetFileNameWithoutExtension(name[prefix.Length..]), CultureInfo.InvariantCulture)
            where !applied.Contains(number)
            orderby number
            select (number, Read(assembly.GetManifestResourceStream(name)!));
    }

    private static string Read(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

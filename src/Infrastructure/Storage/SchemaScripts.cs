using System.Globalization;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>The versioned schema, one folder of embedded scripts for each engine: <c>001.sql</c>, <c>002.sql</c>, …</summary>
internal static class SchemaScripts
{
    /// <summary>The numbers of all scripts. They are the same for both engines.</summary>
    public static IReadOnlyList<long> Numbers { get; } = [.. Missing("postgres", []).Select(script => script.Version)];

    /// <summary>The scripts that a database has not had yet, lowest first. One that came later with a lower number is not passed over.</summary>
    public static IEnumerable<(long Version, string Sql)> Missing(string engine, IEnumerable<long> applied)
    {
        var had = applied.ToHashSet();
        var assembly = typeof(SchemaScripts).Assembly;
        var prefix = $"schema/{engine}/";
        return
            from name in assembly.GetManifestResourceNames()
            where name.StartsWith(prefix, StringComparison.Ordinal)
            let number = long.Parse(Path.GetFileNameWithoutExtension(name[prefix.Length..]), CultureInfo.InvariantCulture)
            where !had.Contains(number)
            orderby number
            select (number, Read(assembly.GetManifestResourceStream(name)!));
    }

    private static string Read(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

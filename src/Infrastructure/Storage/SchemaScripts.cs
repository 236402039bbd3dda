using System.Globalization;

namespace PatientResponse.Infrastructure.Storage;

/// <summary>The versioned schema of our own tables, embedded: <c>001.sql</c>, <c>002.sql</c>, …</summary>
internal static class SchemaScripts
{
    /// <summary>The scripts that a database has not had yet, lowest first. One that came later with a lower number is not passed over.</summary>
    public static IEnumerable<(long Version, string Sql)> Missing(IEnumerable<long> applied)
    {
        var had = applied.ToHashSet();
        var assembly = typeof(SchemaScripts).Assembly;
        const string prefix = "schema/";
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

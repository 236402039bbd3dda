using PatientResponse.Infrastructure.Files.Checks;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>
/// Zip files within a .doc. Word since 2007 keeps its theme and its drawings in small ones, so nearly every .doc is a zip file
/// to whoever looks for one from the end.
/// </summary>
internal static class DocZips
{
    // A drawing has four or five.
    private const int MaxNames = 100;
    private const int Steps = 5_000;
    private static readonly string[] Packages = ["[Content_Types].xml", "_rels/.rels", "tableStyles.xml"];
    private static readonly string[] Folders = ["theme/", "drs/"];
    private static readonly string[] Endings = [".xml", ".rels", ".png", ".jpeg", ".jpg", ".gif", ".emf", ".wmf"];

    /// <summary>Whether all that ends here is what Word writes for itself.</summary>
    public static bool AreWords(ReadOnlySpan<byte> file, IReadOnlyList<int> ends, CheckWork work)
    {
        foreach (var end in ends)
        {
            work.Spend(Steps);
            if (ZipDirectory.NamesBefore(file, end, MaxNames) is not { } names || !names.All(IsWords)) return false;
        }
        return true;
    }

    private static bool IsWords(string name) => Packages.Contains(name)
        || (Folders.Any(folder => name.StartsWith(folder, StringComparison.Ordinal)) && Endings.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase)));
}

using System.Text.RegularExpressions;

namespace PatientResponse.Infrastructure.Files.Word;

/// <summary>A relationship of a part: to another part, or to something outside.</summary>
internal readonly partial record struct OfficeRelationship(string Type, string Target, bool IsExternal)
{
    private const string FileScheme = "file:///";

    /// <summary>A file that whoever opens the document has on their own computer, or has not. No address, and no path of a network.</summary>
    public bool IsOnOwnComputer
    {
        get
        {
            var path = Uri.UnescapeDataString(Target).Replace('\\', '/');
            if (path.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase)) path = path[FileScheme.Length..];
            else if (Scheme().IsMatch(path)) return false;
            return !path.StartsWith('/') && !path.Contains("//", StringComparison.Ordinal) && !path.Any(char.IsControl);
        }
    }

    // One letter is a drive's.
    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]+:")]
    private static partial Regex Scheme();
}

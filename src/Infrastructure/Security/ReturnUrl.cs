namespace PatientResponse.Infrastructure.Security;

/// <summary>Where to go after sign-in: an address of this site, whatever the link that led here says.</summary>
public static class ReturnUrl
{
    public const string Default = "/conversations";

    /// <summary>In characters. No address of ours is nearly as long.</summary>
    private const int Longest = 2_000;

    /// <summary>A proxy on the way may decode once, or twice. What is encoded more often is no address of ours.</summary>
    private const int MostEncodings = 3;

    private static readonly HashSet<string> Searched = new(["q", "dob"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The address when it can only mean a page of this site; otherwise <see cref="Default"/>.</summary>
    public static string Local(string? address) => address is not null && IsLocal(address) ? address : Default;

    /// <summary>The sign-in page that leads back to an address, without what was searched for in it: addresses stay in the browser's history.</summary>
    public static string SignIn(string address) => "/sign-in?returnUrl=" + Uri.EscapeDataString(WithoutSearch(address));

    private static string WithoutSearch(string address)
    {
        var parts = address.Split('?', 2);
        var kept = parts.Length < 2 ? [] : parts[1].Split('&').Where(part => !Searched.Contains(Uri.UnescapeDataString(part.Split('=')[0])));
        return string.Join('?', new[] { parts[0], string.Join('&', kept) }.Where(part => part != ""));
    }

    private static bool IsLocal(string address)
    {
        // Browsers drop tabs and newlines and read "\" as "/"; addresses that we make are plain ASCII.
        if (address.Length > Longest || !address.StartsWith('/') || address.Any(c => c is <= ' ' or >= '\x7f' or '\\'))
            return false;
        return Decoded(address.Split('?', '#')[0]) is { } path
            && !path.Any(c => char.IsControl(c) || c == '\\')
            && !path.Contains("//", StringComparison.Ordinal)
            && !path.Split('/').Any(segment => segment is "." or "..");
    }

    /// <summary>Null where it was encoded over and over: decoding to the end takes time with the square of the length.</summary>
    private static string? Decoded(string path)
    {
        for (var times = 0; times <= MostEncodings; times++)
        {
            var before = path;
            path = Uri.UnescapeDataString(path);
            if (path == before)
                return path;
        }
        return null;
    }
}

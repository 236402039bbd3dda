using System.Text.RegularExpressions;

namespace PatientResponse.Tests.Processes.HostileRequests;

/// <summary>What an answer must never be, whatever was asked.</summary>
internal static partial class Verdict
{
    private static readonly string[] SecurityHeaders = ["Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy"];

    /// <returns>Null where nothing is wrong with it.</returns>
    public static string? Of(RawRequest request, Seed seed, RawAnswer? answer)
    {
        if (answer is null)
            return request.IsWhole ? "no answer" : null;
        // What Kestrel says of a version that is none.
        if (answer.Status is >= 500 and not 505)
            return $"{answer.Status}";
        if (SecurityHeaders.FirstOrDefault(header => !answer.Head.Contains($"\r\n{header}: ", StringComparison.OrdinalIgnoreCase)) is { } missing)
            return $"{answer.Status} without {missing}";
        if (answer.Head.Contains($"\r\n{Nasty.Injected}:", StringComparison.OrdinalIgnoreCase))
            return "a header of the request's own";
        if (Stack().IsMatch(answer.Body))
            return "a stack";
        // What arrives on everybody's phone is public in Development.
        return !seed.Person.MaySee && seed.Route != "/dev/phone" && answer.Body.Contains(Surgery.Secret, StringComparison.Ordinal) && !Sent(request) ? "somebody else's words" : null;
    }

    /// <summary>What came in may go out.</summary>
    private static bool Sent(RawRequest request) => System.Text.Encoding.Latin1.GetString(request.Bytes).Contains(Surgery.Secret, StringComparison.Ordinal);

    [GeneratedRegex(@"\bat [A-Z]\w+\.[\w.<>`]+\(|\b(System|Npgsql|Marten|Microsoft)\.\w+(\.\w+)*Exception|\.cs:line \d")]
    private static partial Regex Stack();
}

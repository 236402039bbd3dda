namespace PatientResponse.Infrastructure.Web;

/// <summary>What people type, as it is kept: their words untouched, line ends as LF, no control characters.</summary>
public static class PlainText
{
    public static string Clean(string? typed) => string.Concat(
        (typed ?? "").ReplaceLineEndings("\n").Where(c => c is '\n' or '\t' || !char.IsControl(c)));
}

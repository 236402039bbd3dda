namespace PatientResponse.Infrastructure.Text;

public static class Ids
{
    /// <summary>An id in the one spelling that we write: 32 digits in lower case, nothing around them.</summary>
    public static Guid? Parse(string? text) => Guid.TryParseExact(text, "N", out var id) && id.ToString("N") == text ? id : null;
}

namespace PatientResponse.Infrastructure.Text;

/// <summary>One thing to put right: the id of the field that it stands beside, and what to do.</summary>
public sealed record FieldError(string Field, string Message);

public static class FieldErrors
{
    /// <summary>The message beside a field; null when the field is right.</summary>
    public static string? For(this IEnumerable<FieldError> errors, string field) => errors.FirstOrDefault(error => error.Field == field)?.Message;
}

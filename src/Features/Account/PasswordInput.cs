using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.Account;

/// <summary>One field of <c>PasswordField.cshtml</c>. What is typed into it is never shown back.</summary>
public sealed record PasswordInput(string Id, string Label, string Autocomplete, IReadOnlyList<FieldError> Errors, string? Hint = null)
{
    public static readonly string Rule = $"{NewPassword.FewestCharacters} characters or more. Three random words make a good one";

    public string? Error => Errors.For(Id);
}

using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.Account;

public static class ChangePasswordHandler
{
    public static IReadOnlyList<FieldError> Validate(string email, string current, string password, string again) =>
    [
        .. current.Length == 0 ? [new FieldError("current", "Enter your current password")] : Array.Empty<FieldError>(),
        .. NewPassword.Problems(email, password, again),
    ];

    public static FieldError Refusal(PasswordAnswer answer) => new("current", answer == PasswordAnswer.Locked
        ? "Too many tries. Wait 15 minutes, then try again, or ask your practice's administrator"
        : "The current password is not right");
}

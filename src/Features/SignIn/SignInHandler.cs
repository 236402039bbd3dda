using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SignIn;

/// <summary>What sign-in says. Nothing here depends on whether the email is known.</summary>
public static class SignInHandler
{
    public static IReadOnlyList<FieldError> Validate(string email, string password)
    {
        var problems = new List<FieldError>();
        if (string.IsNullOrWhiteSpace(email))
            problems.Add(new("email", "Enter your email address"));
        if (password.Length == 0)
            problems.Add(new("password", "Enter your password"));
        return problems;
    }

    public static FieldError Refusal(PasswordAnswer answer) => answer == PasswordAnswer.Locked
        ? new("email", "Too many tries. Wait 15 minutes, then try again, or ask your practice's administrator")
        : new("email", "The email address or password is not right");

    public static int Status(PasswordAnswer answer) => answer == PasswordAnswer.Locked
        ? StatusCodes.Status429TooManyRequests
        : StatusCodes.Status422UnprocessableEntity;
}

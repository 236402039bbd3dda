using PatientResponse.Infrastructure.Security;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Features.Home;

public static class HomeHandler
{
    /// <summary>What is wrong with a code that is none.</summary>
    public static string Problem(string code)
    {
        var typed = CodeInText.Attempt(code);
        var letters = typed.Count(char.IsLetterOrDigit);
        return typed.Length == 0 ? Say("home.code-missing")
            : typed.Length == LinkToken.Length || letters == LinkToken.Length ? Say("home.code-signs", LinkToken.Length)
            : Say(letters < LinkToken.Length ? "home.code-short" : "home.code-long", LinkToken.Length);
    }
}

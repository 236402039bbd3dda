using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web;
using static PatientResponse.Infrastructure.Web.Languages.Words;

namespace PatientResponse.Features.Home;

public static class HomeHandler
{
    /// <summary>What is wrong with a code that is none.</summary>
    public static string Problem(string code)
    {
        var length = TypedText.WithoutFiller(code).Length;
        return length == 0 ? Say("home.code-missing")
            : length < LinkToken.Length ? Say("home.code-short", LinkToken.Length)
            : length > LinkToken.Length ? Say("home.code-long", LinkToken.Length)
            : Say("home.code-signs", LinkToken.Length);
    }
}

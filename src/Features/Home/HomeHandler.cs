using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features.Home;

public static class HomeHandler
{
    private const int Length = 26;

    /// <summary>What is wrong with a code that is none.</summary>
    public static string Problem(string code)
    {
        var length = TypedText.WithoutFiller(code).Length;
        return length == 0 ? "Type the code from your text message"
            : length < Length ? $"The code is too short. It has {Length} letters and numbers"
            : length > Length ? $"The code is too long. It has {Length} letters and numbers"
            : $"Check the code. It has {Length} letters and numbers, and no other signs";
    }
}

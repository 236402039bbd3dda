using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web;

namespace PatientResponse.Features;

/// <summary>The page of a link that cannot be used: what happened, and a way forward.</summary>
/// <param name="State">Null: nobody knows this link, and the page must not tell more.</param>
/// <param name="Practice">Only where the practice lets its name be shown to somebody who has not given a date of birth.</param>
/// <param name="Text">What was typed and could not be sent, to be copied.</param>
public sealed record DeadLink(LinkState? State, Practice? Practice, string Text = "")
{
    public static IResult Answer(LinkState? state, Practice? practice, string text = "") =>
        Page.Of<DeadLinkPage>(new DeadLink(state, practice, text), state switch
        {
            null => StatusCodes.Status404NotFound,
            LinkState.Locked => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status410Gone,
        });
}

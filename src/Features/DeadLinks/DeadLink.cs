using Microsoft.AspNetCore.Html;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web.Answers;
using PatientResponse.Infrastructure.Web.Parts;
using static PatientResponse.Infrastructure.Languages.Words;

namespace PatientResponse.Features.DeadLinks;

/// <summary>The page of a link that cannot be used: what happened, and a way forward.</summary>
/// <param name="State">Null: nobody knows this link, and the page must not tell more.</param>
/// <param name="Practice">Only where the practice lets its name be shown to somebody who has not given a date of birth.</param>
/// <param name="Text">What was typed and could not be sent, to be copied.</param>
/// <param name="Token">The code of the link, where a new one can be asked for with it.</param>
/// <param name="IsAskedAgain">A newer message was sent since.</param>
/// <param name="IsNeutral">Nothing about health either: of a message in neutral words, before the date of birth.</param>
public sealed record DeadLink(LinkState? State, Practice? Practice, string Text, string? Token, bool IsNeutral, bool IsAskedAgain = false)
{
    public static IResult Answer(LinkState? state, Practice? practice, string text = "", string? token = null, bool isNeutral = false, bool isAskedAgain = false) =>
        Page.Of(DeadLinkPage.Create(new DeadLink(state, practice, text, state is LinkState.Expired or LinkState.Locked ? token : null, isNeutral, isAskedAgain)), state switch
        {
            null => StatusCodes.Status404NotFound,
            LinkState.Locked => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status410Gone,
        });

    /// <summary>Whom to turn to, as a part of a sentence.</summary>
    public static HtmlString Contact(Practice? practice, bool isNeutral = false) => practice switch
    {
        _ when isNeutral => Markup("link.contact-neutral"),
        { Phone.Length: > 0 } => Markup("link.phone", practice.Name, PhoneLink.Of(practice.Phone)),
        { } => Markup("link.contact", practice.Name),
        _ => Markup("link.contact-unknown"),
    };
}

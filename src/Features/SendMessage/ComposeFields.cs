using System.Globalization;
using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Text;
using PatientResponse.Infrastructure.Web.Forms;

namespace PatientResponse.Features.SendMessage;

/// <summary>What the compose page sends back.</summary>
/// <param name="Sending">Made with the page, so that the same page sends once.</param>
/// <param name="Template">Put this template into the message; nothing is sent. Empty when none was chosen.</param>
/// <param name="Seen">When the latest message to the patient that the page told of was sent, as stored; null when the page does not say.</param>
/// <param name="Follows">The id of the earlier conversation that this message asks again after; empty when there is none.</param>
/// <param name="Neutral">Send neutral words, and show the text after the date of birth.</param>
/// <param name="Ordinary">Put ordinary characters into the message; nothing is sent.</param>
/// <param name="Use">Go on with this message, which was begun earlier; nothing is sent.</param>
/// <param name="Discard">Delete this one, which was begun earlier; nothing is sent.</param>
/// <param name="Mobile">Another number than the patient's, for this conversation; empty for theirs.</param>
/// <param name="Number">Put this number, which was typed earlier, into that field; nothing is sent.</param>
/// <param name="Confirmed">Which warnings "Send anyway" stood beside.</param>
/// <param name="Undone">Begin with the words of this conversation, which was undone; never sent back.</param>
public sealed record ComposeFields(Guid Sending, string Text, bool AllowResponse, string Template = "", long? Seen = null, string Confirmed = "", string Follows = "", bool Neutral = false, bool Ordinary = false,
    Guid? Use = null, Guid? Discard = null, string Undone = "", string Mobile = "", string Number = "")
{
    public static async Task<ComposeFields> ReadAsync(HttpRequest request, TimeProvider time)
    {
        var form = await request.FormOrEmptyAsync();
        return new(
            Ids.Parse(form.Text("sending")) ?? Ids.New(time.GetUtcNow()),
            form.Text("text"), form.Line("allowResponse") == "true", form.Text("template"),
            long.TryParse(form.Text("seen"), CultureInfo.InvariantCulture, out var seen) ? seen : null, form.Text("confirmed"), form.Text("follows"), form.Line("neutral") == "true",
            form.Line("ordinary") == "true", Ids.Parse(form.Text("use")), Ids.Parse(form.Text("forget")),
            Mobile: form.Line("mobile").Trim(), Number: form.Line("number"));
    }
}

using PatientResponse.Features.Composing;
using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Features.SendMessage;

/// <summary>Puts a template into a message. Not a word that the clinician wrote is lost: what is more than an untouched
/// template stays, and the new one comes below it.</summary>
public static class TemplateChoice
{
    public static ComposeForm Put(ComposeForm form, Template template)
    {
        var text = Placeholders.Expand(template.Text, form.Values);
        var written = form.Text.Trim();
        var before = form.Mine.Concat(form.Shared).FirstOrDefault(one => PlainText.Clean(Placeholders.Expand(one.Text, form.Values)).Trim() == written);
        return (written, before) switch
        {
            ("", _) => Filled(text, form.AllowResponse || template.AllowResponse, "is in your message"),
            (_, not null) => Filled(text, template.AllowResponse, "is in your message now"),
            _ => Filled($"{form.Text.TrimEnd()}\n\n{text}", form.AllowResponse || template.AllowResponse, "is added below what you wrote"),
        };

        ComposeForm Filled(string all, bool allowResponse, string where) => form with
        {
            Text = all,
            AllowResponse = allowResponse,
            Note = $"“{template.Name}” {where}.{(text.Contains(Placeholders.Blank, StringComparison.Ordinal) ? $" Fill in each {Placeholders.Blank}" : "")}",
        };
    }
}

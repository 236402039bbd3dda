using PatientResponse.Infrastructure.Text;

namespace PatientResponse.Infrastructure.Web.Forms;

public static class FormFields
{
    /// <summary>The form that was posted; empty where there is none, or none that can be read.</summary>
    public static async Task<IFormCollection> FormOrEmptyAsync(this HttpRequest request)
    {
        if (!request.HasFormContentType)
            return FormCollection.Empty;
        try
        {
            return await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return FormCollection.Empty;
        }
    }

    /// <summary>One field as <see cref="PlainText.Clean"/>; empty when it is missing.</summary>
    public static string Text(this IFormCollection form, string field) => PlainText.Clean(form.Secret(field));

    /// <summary>One field as <see cref="PlainText.Line"/>; empty when it is missing.</summary>
    public static string Line(this IFormCollection form, string field) => PlainText.Line(form.Secret(field));

    /// <summary>A password, letter by letter as it was typed; empty when it is missing.</summary>
    public static string Secret(this IFormCollection form, string field) => form[field].FirstOrDefault() ?? "";
}

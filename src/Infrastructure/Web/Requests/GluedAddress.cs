using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Infrastructure.Web.Requests;

/// <summary>Mail programs make what follows a link a part of it: a full stop, a bracket, a line end. No address of ours ends in one.
/// A patient's link finds its own code; see <see cref="Security.CodeInText"/>.</summary>
public static class GluedAddress
{
    public static IApplicationBuilder UseGluedAddresses(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var (request, path) = (context.Request, context.Request.Path.Value ?? "");
        var own = Trim(path);
        if (own == path || path == "/" || request.Path.StartsWithSegments("/r") || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
            return next(context);
        return new SeeOther(new PathString(own.Length == 0 ? "/" : own).ToUriComponent() + request.QueryString).ExecuteAsync(context);
    });

    /// <summary>Without signs at the end that no address and no secret of ours ends in.</summary>
    public static string Trim(string text)
    {
        var end = text.Length;
        while (end > 0 && !char.IsLetterOrDigit(text[end - 1]) && text[end - 1] is not ('/' or '-' or '_' or '=' or '+' or '~'))
            end--;
        return text[..end];
    }
}

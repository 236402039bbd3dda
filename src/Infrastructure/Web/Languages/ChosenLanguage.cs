using PatientResponse.Infrastructure.Hosting;
using PatientResponse.Infrastructure.Languages;
using PatientResponse.Infrastructure.Security;
using PatientResponse.Infrastructure.Web.Answers;

namespace PatientResponse.Infrastructure.Web.Languages;

/// <summary>The languages that this installation offers to patients.</summary>
public sealed class OfferedLanguages(IConfiguration settings)
{
    public IReadOnlyList<Language> All { get; } = LanguageSettings.Of(settings);
}

/// <summary>Answers patients in the language that they chose on a page of theirs, until they close the browser.</summary>
public static class ChosenLanguage
{
    private const string Name = "language";

    /// <summary>The same page in another language.</summary>
    public static string Address(Language language) => $"?{Name}={language.Tag}";

    public static IApplicationBuilder UseChosenLanguage(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        if (!request.IsForPatients())
        {
            // Staff read English.
            await next(context);
            return;
        }
        var offered = context.RequestServices.GetRequiredService<OfferedLanguages>().All;
        if ((HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && offered.FirstOrDefault(language => language.Tag == request.Query[Name]) is { } chosen)
        {
            Remember(context, chosen);
            await new SeeOther(request.Path.ToUriComponent()).ExecuteAsync(context);
            return;
        }
        if (offered.FirstOrDefault(language => language.Tag == request.Cookies[CookieName(context)]) is { } remembered)
            System.Globalization.CultureInfo.CurrentUICulture = remembered.Culture;
        await next(context);
    });

    private static string CookieName(HttpContext context) => SecurityServices.CookieName(context.RequestServices.GetRequiredService<IHostEnvironment>(), Name);

    private static void Remember(HttpContext context, Language language) =>
        context.Response.Cookies.Append(CookieName(context), language.Tag, new CookieOptions
        {
            HttpOnly = true,
            Secure = !context.RequestServices.GetRequiredService<IHostEnvironment>().IsDevelopment(),
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
        });
}

using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Infrastructure.Storage.Sealing;

namespace PatientResponse.Infrastructure.Security;

public static class SecurityServices
{
    public static void AddSecurity(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => MasterKey.ReadAll(builder.Configuration, builder.Environment, provider.GetRequiredService<DataFolder>()));
        // Once in a process's life, after the schema: a factory cannot wait any other way.
        services.AddSingleton(provider => new Keyring(Task.Run(() => RootKey.OpenAsync(
            provider.GetRequiredService<IDatabase>(), provider.GetRequiredService<MasterKeys>())).GetAwaiter().GetResult()));
        services.AddSingleton<InstallationRules>();
        services.AddScoped<Actor>();
        services.AddScoped<StaffSessions>();
        services.AddSingleton<PatientSessions>();
        services.AddSingleton<CookieCheck>();
        services.AddSingleton<HashTurns>();
        services.AddSingleton<SprayBrake>();
        services.AddScoped<PasswordCheck>();
        services.AddScoped<HalfSessions>();
        services.AddScoped<PasskeyCeremonies>();

        // It warns of keys kept unencrypted; ours are documents, and those are encrypted.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        services.AddDataProtection().SetApplicationName("PatientResponse");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new DataProtectionKeys(provider.GetRequiredService<IServiceScopeFactory>())));

        services.AddSingleton<ILookupNormalizer, EmailNormalizer>();
        services.AddIdentityCore<Clinician>(options =>
        {
            options.Password = NewPassword.Options;
            // Emails hold more characters than Identity's user names; `clinician add` checks them.
            options.User.AllowedUserNameCharacters = "";
            options.Tokens.PasswordResetTokenProvider = nameof(SetPasswordLink);
        }).AddUserStore<ClinicianStore>().AddTokenProvider<SetPasswordLink>(nameof(SetPasswordLink));

        services.Configure<PasswordHasherOptions>(options => options.IterationCount = NewPassword.Rounds);
        services.AddScoped<IPasskeyHandler<Clinician>, PasskeyHandler<Clinician>>();
        services.AddOptions<IdentityPasskeyOptions>().Configure<IConfiguration>((options, configuration) =>
        {
            // The device checks a PIN, face or finger, and names the person by itself: then a passkey alone signs in.
            (options.UserVerificationRequirement, options.ResidentKeyRequirement) = ("required", "required");
            var own = Uri.TryCreate(configuration["PublicUrl"], UriKind.Absolute, out var address) ? address : null;
            options.ServerDomain = own?.Host;
            // Not the framework's own check, which reads the request's Origin header: our Referrer-Policy makes that "null".
            options.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin
                && context.Origin == (own?.GetLeftPart(UriPartial.Authority) ?? $"{context.HttpContext.Request.Scheme}://{context.HttpContext.Request.Host}"));
        });

        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            options.Cookie.Name = CookieName(builder.Environment, "staff");
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = SecurePolicy(builder.Environment);
            options.ExpireTimeSpan = StaffSession.Longest;
            options.SlidingExpiration = false;
            options.Events.OnValidatePrincipal = context =>
                context.HttpContext.RequestServices.GetRequiredService<StaffSessions>().ValidateAsync(context);
        });
        services.AddAuthorization();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = CookieName(builder.Environment, "form");
            options.Cookie.SecurePolicy = SecurePolicy(builder.Environment);
            options.SuppressXFrameOptionsHeader = true;
        });
    }

    /// <summary>Browsers take a <c>__Host-</c> cookie over https only, and Development is plain http on loopback.</summary>
    internal static string CookieName(IHostEnvironment environment, string name) => environment.IsDevelopment() ? name : "__Host-" + name;

    private static CookieSecurePolicy SecurePolicy(IHostEnvironment environment) =>
        environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
}

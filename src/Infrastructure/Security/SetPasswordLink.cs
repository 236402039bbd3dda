namespace PatientResponse.Infrastructure.Security;

/// <summary>The link with which a person sets a password. It dies when it is used, when a newer one is made, and with time.</summary>
public static class SetPasswordLink
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);
}

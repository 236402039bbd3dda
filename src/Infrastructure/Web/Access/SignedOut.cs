namespace PatientResponse.Infrastructure.Web.Access;

/// <param name="Text">What a person had typed when their session was over.</param>
/// <param name="SignIn">Where to sign in, and from there back.</param>
public sealed record SignedOut(string Text, string SignIn);

namespace PatientResponse.Infrastructure.Hosting;

/// <summary>The addresses whose readers are patients: they may be read in another language, and weigh as little as can be.</summary>
public static class PatientAreas
{
    private static readonly PathString[] Areas = ["/r", "/reply", "/about-messages"];

    /// <summary>A link, its code, or a reply: nothing of it depends on whether a clinician is signed in.</summary>
    public static bool IsOfPatientsAlone(this HttpRequest request) =>
        request.Path.StartsWithSegments("/r") || request.Path.StartsWithSegments("/reply") || (request.Path == "/" && HttpMethods.IsPost(request.Method));

    public static bool IsForPatients(this HttpRequest request) =>
        request.Path == "/" || Areas.Any(area => request.Path.StartsWithSegments(area));
}

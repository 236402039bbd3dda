namespace PatientResponse.Infrastructure.Web.Forms;

/// <summary>A feature of a request that reads its own form: the page that shows back what was typed when something breaks.</summary>
/// <param name="Answer">Made for the status of the failure.</param>
public sealed record ShownBack(Func<int, IResult> Answer, Func<string> Words);

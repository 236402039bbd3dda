namespace PatientResponse.Features.Composing;

/// <summary>A text message as <c>SmsPreview.cshtml</c> shows it, with its length and cost.</summary>
/// <param name="HasLink">Whether it ends with an example of the patient's link.</param>
/// <param name="Composer">The address that renders the composer anew with what was replaced; null where the whole page comes anew.</param>
public sealed record SmsShown(string Sms, SmsHints Hints, bool HasLink, string? Composer = null);

namespace PatientResponse.Features.Composing;

/// <summary>What every practice starts with. Plain words and short sentences (reading age 9), only characters of the ordinary
/// text alphabet. Greeting, sign-off and link are added to each.</summary>
public static class BuiltInTemplates
{
    public static readonly IReadOnlyList<Template> All =
    [
        Asks("skin-photo", "Photo of a skin problem",
            "Please send us photos of your skin problem. Take one close up and one from further away, in good light. Tell us when it started, and if it hurts or itches. Do not send photos of private parts of your body."),
        Asks("blood-pressure", "Blood pressure readings",
            "Please check your blood pressure at home for 4 days. Take 2 readings each morning and 2 each evening, one minute apart. Send us all the numbers. If the top number is 180 or more, or the bottom one 120 or more, call us the same day."),
        Tells("blood-test-due", "Blood test due",
            "You are due a blood test for ___. Please book it in the next 2 weeks. You can call us on [practice phone]."),
        Asks("medicine-review", "Medicine review",
            "It is time to check your medicines. Do you take all of them each day? Do any of them give you problems? Have you stopped any? Please tell us."),
        Asks("new-medicine", "How are you after starting a medicine",
            "You started to take ___ a short time ago. How do you feel now? Is it helping? Have you had any new problems since you started it?"),
        Tells("results-normal", "Test results normal",
            "Your ___ results are back and they are normal. You do not need to do anything. If you still feel unwell, call us on [practice phone]."),
        Tells("please-book", "Please book an appointment",
            "We would like to talk to you about ___. It is not an emergency. Please book an appointment in the next 2 weeks. You can call us on [practice phone]."),
        Asks("asthma-review", "Asthma review questions",
            "We want to check your asthma. In the last 4 weeks: 1. Did asthma wake you at night? 2. Did you cough, wheeze or feel short of breath in the day? 3. Did it stop you doing things? 4. How often did you use your reliever inhaler? If it is hard to breathe now, call 999."),
        Asks("travel-vaccines", "Travel vaccine questions",
            "Please help us plan your travel vaccines. Where will you go, and for how long? What day do you leave? Which travel vaccines have you had before, and when?"),
        Asks("fit-note", "Fit note details",
            "You asked us for a fit note (sick note). Why can you not work? What day did this start? How long do you need the note for? Could you do some work if your job was changed a little?"),
        Asks("send-document", "Please send a document",
            "Please send us a photo or a copy of ___. Check that we can read all of it."),
        Asks("no-answer", "We could not reach you by phone",
            "[my name] from [practice name] tried to phone you today and could not reach you. Please tell us a good day and time to call, and the best number to use."),
    ];

    private static Template Asks(string id, string name, string text) => new(id, name, text, AllowResponse: true);

    private static Template Tells(string id, string name, string text) => new(id, name, text, AllowResponse: false);
}

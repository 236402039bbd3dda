namespace PatientResponse.Features.Help;

/// <summary>The page, from top to bottom.</summary>
public static class HelpTopics
{
    public static readonly IReadOnlyList<HelpTopic> All =
    [
        new("Sending a message",
        [
            new("How can I try it myself?", "test practise training demo",
                "Add your own mobile number in Account. Then search for the test patient, NHS number 999 000 0018, and send a message. It goes to your phone. The test patient’s date of birth is 1 January 1980."),
            new("How do I ask for a reply?", "question response link photo tick",
                "Tick “Allow patient response” before you send. The text message then has a link to a page where the patient can reply. Without it, the patient gets a text message that they cannot reply to."),
            new("What is a neutral text message?", "safe contact abuse domestic private sensitive",
                "It says only that there is a message. It does not include the patient’s name, your practice’s name or your words. The patient reads those after they enter their date of birth.",
                "Use it when someone else may see the patient’s phone. Tick “Neutral text message, for safe contact”. A manager can make all of your practice’s messages neutral in Practice settings."),
            new("What if the number is wrong?", "mobile phone changed incorrect not delivered",
                "If the message was not delivered, open the conversation and send it again to the right number. Change the number in the patient’s record too, because PatientResponse does not change it.",
                "If the message went to somebody else, cancel the request so that the link stops working. Correct the number in the patient’s record, then send a new message. Tell your practice’s data protection lead if the text message said anything about the patient."),
        ]),
        new("How patients reply",
        [
            new("How does a patient reply?", "answer link date of birth photo document app account",
                "They open the link in the text message, enter their date of birth, write a reply and add files if they want to. They do not need an app or an account.",
                "A reply can have up to 5,000 characters and 5 files of up to 7 MB each: photos and pictures (jpg, jpeg, gif, png), PDF and Word documents (doc, docx)."),
            new("How long does a patient have to reply?", "expire expired deadline days link stopped",
                "7 days from when you first send the message. Then the link stops working. The patient can ask for a new one, and we email you. Ask again if you still need an answer: the patient gets a new message with a new link."),
            new("What if the patient has no smartphone?", "computer tablet landline no phone",
                "They can open the link in any web browser, or go to the web address in the text message on a computer and type the code from it. Somebody else can reply for them, and is asked for their own name and how they know the patient.",
                "If the patient cannot do this, phone them or contact them in another way."),
            new("What if the patient’s browser does not keep cookies?", "cookie private error",
                "A page tells them how to go on: open the link in another browser, allow cookies, or use a computer."),
            new("Why is a link locked?", "unlock wrong date of birth tries attempts",
                "A wrong date of birth was entered 5 times. Check with the patient that it was them, and that the date of birth in the record is right. Then open the conversation and unlock the link. You can do this twice for each message, and each time gives 5 more tries."),
        ]),
        new("Replies",
        [
            new("How am I told about a reply?", "notification notified notify get email alert",
                "We email you, and the reply is in your list of conversations. The email does not say anything about the patient. If nobody has read the reply after 24 hours, we email you once more.",
                "Requests that ended without an answer are in one email a day. You can turn this email off in Account."),
            new("Who else can see a reply?", "privacy colleague access confidential read",
                "Only you, because you sent the message. Colleagues and managers cannot open it. When somebody leaves, their open conversations can be handed over to a colleague, who can then read them instead.",
                "Every time a reply is viewed or downloaded, it is recorded."),
            new("How are files kept?", "storage encryption virus erase retention delete save record",
                "Files are encrypted. They are checked for what they really contain, and for viruses if your practice has a virus scanner. The place and camera details are removed from photos.",
                "Save what belongs in the patient’s record: your practice may erase conversations after a number of days. A manager can see how many in Practice settings."),
            new("How do I save a reply to the record?", "copy download zip print emis systmone",
                "Open the conversation. “Save” downloads the words and files in one zip file. “Print” opens a page that you can print or save as a PDF."),
        ]),
        new("What the words mean",
        [
            new("Waiting for reply", "state status open", "The message was sent and the patient can still reply."),
            new("Replied", "state status answer", "The patient has replied. It stays to be done until you mark it as done or write to the patient again."),
            new("Not delivered", "state status failed", "The text message did not reach the patient. The conversation tells you why and what you can do."),
            new("Cannot tell if it arrived", "state status unknown delivered", "The mobile network did not tell us what happened. Check with the patient. We do not send the message again automatically."),
            new("No answer", "state status expired", "The patient did not reply within 7 days and the link has stopped working."),
            new("New link asked for", "state status expired locked", "Someone with a link that has expired or is locked has asked for a new one. Ask again if you still need an answer."),
            new("Answered and Asked again", "state status", "You have written to the patient again since."),
            new("Done and Cancelled", "state status finished stop", "Done means that you have dealt with it. Cancelled means that you stopped the request, and the patient’s link no longer works."),
        ]),
        new("Signing in",
        [
            new("What if I lose my phone or passkey?", "second step authenticator recovery code lost locked out",
                "Use one of your recovery codes in place of the code from your app. If you have lost those too, ask your practice’s administrator to reset how you sign in."),
            new("Why was I signed out?", "session timeout logged out",
                "You are signed out after 30 minutes without activity and after 12 hours. If you sign out on one computer, you are signed out everywhere."),
        ]),
    ];
}
